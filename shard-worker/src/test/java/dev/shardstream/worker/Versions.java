package dev.shardstream.worker;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Later definitions of a table, as the control plane makes them. */
public final class Versions {
  static {
    Events.trust(Table.class);
  }

  private Versions() {}

  /** Eight versions of {@link Orders#TABLE}, the first of them included. */
  public static List<Table> eight() {
    List<Table> all = new ArrayList<>(List.of(Orders.TABLE));
    all.add(add(last(all), "qty", TypeName.INTEGER, 7L));
    all.add(drop(last(all), 4));
    all.add(add(last(all), "note", TypeName.TEXT, "two 'words'"));
    all.add(column(last(all), 2, c -> c.setName("client")));
    all.add(column(last(all), 6, c -> c.setType(TypeName.BIGINT)));
    all.add(column(last(all), 3, c -> c.setDefaultValue(2.5)));
    all.add(add(last(all), "rate", TypeName.DOUBLE, -0.0));
    return all;
  }

  private static Table last(List<Table> all) {
    return all.get(all.size() - 1);
  }

  /** The next version with another column, whose default is its initial one too. */
  public static Table add(Table table, String name, TypeName type, Object defaultValue) {
    List<Column> columns = new ArrayList<>(table.getColumns());
    int id = table.getNextColumnId();
    columns.add(new Column(id, name, type, null, true, defaultValue, defaultValue, null));
    return next(table).setColumns(columns).setNextColumnId(id + 1).build();
  }

  /** The next version without a column. */
  public static Table drop(Table table, int columnId) {
    return next(table)
        .setColumns(table.getColumns().stream().filter(c -> c.getId() != columnId).toList())
        .build();
  }

  /** The next version with a column changed. */
  public static Table column(Table table, int columnId, Consumer<Column.Builder> change) {
    List<Column> columns = new ArrayList<>();
    for (Column column : table.getColumns()) {
      Column.Builder changed = Column.newBuilder(column);
      if (column.getId() == columnId) {
        change.accept(changed);
      }
      columns.add(changed.build());
    }
    return next(table).setColumns(columns).build();
  }

  /** The next version, otherwise the same. */
  public static Table.Builder next(Table table) {
    return Table.newBuilder(table).setSchemaVersion(table.getSchemaVersion() + 1);
  }

  /** The same version with one more index. */
  public static Table index(Table table, Integer... columns) {
    List<Index> indexes = new ArrayList<>(table.getIndexes());
    int id = table.getNextIndexId();
    indexes.add(
        new Index(id, "i" + id, false, List.of(columns), IndexStatus.BUILDING, null, null, "c-1"));
    return Table.newBuilder(table).setIndexes(indexes).setNextIndexId(id + 1).build();
  }

  /** The same version with another status of an index. */
  public static Table status(Table table, int indexId, IndexStatus status) {
    List<Index> indexes = new ArrayList<>();
    for (Index index : table.getIndexes()) {
      indexes.add(
          index.getId() == indexId ? Index.newBuilder(index).setStatus(status).build() : index);
    }
    return Table.newBuilder(table).setIndexes(indexes).build();
  }

  /** The same version without an index. */
  public static Table dropIndex(Table table, int indexId) {
    return Table.newBuilder(table)
        .setIndexes(table.getIndexes().stream().filter(i -> i.getId() != indexId).toList())
        .build();
  }
}
