package dev.shardstream.schemas.row;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import java.util.Optional;

/**
 * A table's columns as the writer of a change saw them. Together with the row before it and the
 * rules in its log, this is all that decides on a change: types, NULLs and defaults are those of
 * the writer, whatever a replica has learnt of the catalog since.
 *
 * @param tableId the table
 * @param schemaVersion its schema version
 * @param nextColumnId column ids from this one on were given out later
 * @param columns in the table's order; without comments
 */
public record RowVersion(
    String tableId, int schemaVersion, int nextColumnId, List<Column> columns) {
  static {
    Events.trust(Column.class);
  }

  public RowVersion {
    columns = List.copyOf(columns);
  }

  /** The current version of a table. */
  public static RowVersion of(Table table) {
    return new RowVersion(
        table.getTableId(),
        table.getSchemaVersion(),
        table.getNextColumnId(),
        table.getColumns().stream().map(RowVersion::written).toList());
  }

  /** What the log carries of a column: everything that decides on a change. */
  private static Column written(Column column) {
    return new Column(
        column.getId(),
        column.getName(),
        column.getType(),
        column.getLength(),
        column.getNullable(),
        column.getDefaultValue(),
        null,
        null);
  }

  /** The column of that id; empty when this version does not have it. */
  public Optional<Column> column(int columnId) {
    for (Column column : columns) {
      if (column.getId() == columnId) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }

  /** Whether a column was added to the table after this version. */
  public boolean isOlderThan(int columnId) {
    return columnId >= nextColumnId;
  }
}
