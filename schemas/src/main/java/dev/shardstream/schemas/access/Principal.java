package dev.shardstream.schemas.access;

/**
 * Who calls.
 *
 * @param name as the file of principals has it; for logs and limits
 * @param role what it may do
 */
public record Principal(String name, Role role) {}
