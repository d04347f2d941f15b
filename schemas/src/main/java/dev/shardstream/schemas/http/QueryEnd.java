package dev.shardstream.schemas.http;

/**
 * Last line of a complete answer; an answer without it was cut off.
 *
 * @param rows rows sent
 */
public record QueryEnd(long rows) {}
