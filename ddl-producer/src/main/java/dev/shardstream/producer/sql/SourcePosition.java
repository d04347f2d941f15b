package dev.shardstream.producer.sql;

/**
 * Where something stands in the input that was parsed (the whole script).
 *
 * @param line 1-based
 * @param column 1-based, in UTF-16 units
 */
public record SourcePosition(int line, int column) {}
