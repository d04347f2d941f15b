package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.SchemaVersion;

/**
 * One version of a table.
 *
 * @param version from 1
 * @param change the change in words, as SQL
 * @param at time of the command, milliseconds since the epoch
 * @param commandId command that made it
 * @param table name of the table at this version
 * @param columns columns that it had
 */
public record VersionBody(
    int version, String change, long at, String commandId, String table, int columns) {

  public static VersionBody of(SchemaVersion version) {
    return new VersionBody(
        version.getVersion(),
        version.getChange(),
        version.getAt(),
        version.getCommandId(),
        version.getTable().getName(),
        version.getTable().getColumns().size());
  }
}
