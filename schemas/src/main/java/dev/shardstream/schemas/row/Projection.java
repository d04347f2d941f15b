package dev.shardstream.schemas.row;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that were written under one schema version as a row of another, by column id: an
 * added column gets its default or NULL, a dropped one is ignored, a renamed one follows its id,
 * order does not matter, and a widened one needs nothing because SQLite stores it the same way.
 */
public final class Projection {
  private Projection() {}

  /** A whole row in the order of the table's columns: what is not set gets its default. */
  public static List<@Nullable Object> row(Table table, RowChange.ColumnValues values) {
    List<@Nullable Object> row = new ArrayList<>(table.getColumns().size());
    for (Column column : table.getColumns()) {
      row.add(
          values.has(column.getId()) ? values.get(column.getId()) : StoredValues.ofDefault(column));
    }
    return row;
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
