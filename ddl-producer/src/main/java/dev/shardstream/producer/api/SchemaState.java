package dev.shardstream.producer.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the tables of one namespace looked like at one moment. Immutable.
 *
 * @param database the namespace
 * @param tables by name in lower case, in that order
 */
public record SchemaState(String database, Map<String, TableSchema> tables) {

  /**
   * A table.
   *
   * @param name as it was written
   * @param tableId unique for ever
   * @param schemaVersion from 1
   * @param columns in order
   * @param indexes by id
   */
  public record TableSchema(
      String name,
      String tableId,
      int schemaVersion,
      List<TableDescription.ColumnInfo> columns,
      List<IndexInfo> indexes) {}

  /** The table of that name, in any case. */
  public Optional<TableSchema> table(String name) {
    return Optional.ofNullable(tables.get(name.toLowerCase(Locale.ROOT)));
  }
}
