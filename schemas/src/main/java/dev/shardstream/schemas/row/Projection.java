package dev.shardstream.schemas.row;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that were written under one schema version as a row of the same or a later one, by
 * column id. A column that the writer did not know gets its initial default; one that it knew and
 * did not set gets the default of the writer's version; a dropped one is ignored; a renamed one
 * follows its id; order does not matter; a widened one needs nothing because SQLite stores it the
 * same way. So the result does not depend on when a replica learns of a version.
 */
public final class Projection {
  private Projection() {}

  /**
   * A whole row in the order of the table's columns.
   *
   * @param table at the writer's version or a later one
   */
  public static List<@Nullable Object> row(Table table, RowChange change) {
    List<@Nullable Object> row = new ArrayList<>(table.getColumns().size());
    for (Column column : table.getColumns()) {
      row.add(value(column, change));
    }
    return row;
  }

  private static @Nullable Object value(Column column, RowChange change) {
    if (change.values().has(column.getId())) {
      return change.values().get(column.getId());
    }
    Optional<Column> known = change.version().column(column.getId());
    return known.isPresent()
        ? StoredValues.ofDefault(known.get())
        : StoredValues.ofInitialDefault(column);
  }

  /** A row changed: what is not set stays. */
  public static List<@Nullable Object> update(
      Table table, List<? extends @Nullable Object> before, RowChange.ColumnValues values) {
    List<@Nullable Object> row = new ArrayList<>(before);
    for (int i = 0; i < row.size(); i++) {
      int id = table.getColumns().get(i).getId();
      if (values.has(id)) {
        row.set(i, values.get(id));
      }
    }
    return row;
  }
}
