package dev.shardstream.producer.api;

/**
 * One version in the history of a table.
 *
 * @param version from 1, without gaps
 * @param at when, UTC, {@code yyyy-MM-dd HH:mm:ss[.SSS]}
 * @param change what changed, as SQL without the table, like {@code RENAME COLUMN a TO b}
 * @param columnCount columns of the table at this version
 * @param commandId the command that made it
 */
public record TableVersion(
    int version, String at, String change, int columnCount, String commandId) {}
