package dev.shardstream.producer.replica;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Table definitions for the tests of this package, made step by step. */
final class Definitions {
  static {
    Events.trust(Table.class);
  }

  private Definitions() {}

  /** {@code (id BIGINT PRIMARY KEY, name TEXT)}, created at this number. */
  static Table users(int number) {
    return table("default-users-" + number, "users", number);
  }

  static Table table(String id, String name, long createdAt) {
    return Table.newBuilder()
        .setDatabase("default")
        .setTableId(id)
        .setName(name)
        .setSchemaVersion(1)
        .setStatus(TableStatus.ACTIVE)
        .setType(TableType.REGULAR)
        .setColumns(
            List.of(
                column(1, "id", TypeName.BIGINT, false, null),
                column(2, "name", TypeName.TEXT, true, null)))
        .setPrimaryKey(List.of(1))
        .setShardKey(List.of(1))
        .setStrategy(Strategy.HASH)
        .setPartitions(16)
        .setNextColumnId(3)
        .setCreatedAt(createdAt)
        .build();
  }

  static Column column(
      int id, String name, TypeName type, boolean nullable, @Nullable Object byDefault) {
    return new Column(id, name, type, null, nullable, byDefault, byDefault, null);
  }

  static Index index(int id, String name, boolean unique, IndexStatus status, Integer... columns) {
    return new Index(id, name, unique, List.of(columns), status, null, null, "c" + id);
  }

  /** The next version with a column more. */
  static Table adding(Table table, String name, TypeName type, @Nullable Object byDefault) {
    List<Column> columns = new ArrayList<>(table.getColumns());
    columns.add(column(table.getNextColumnId(), name, type, true, byDefault));
    return next(table).setColumns(columns).setNextColumnId(table.getNextColumnId() + 1).build();
  }

  /** The next version without a column and without the indexes on it. */
  static Table dropping(Table table, int columnId) {
    return next(table)
        .setColumns(table.getColumns().stream().filter(c -> c.getId() != columnId).toList())
        .setIndexes(
            table.getIndexes().stream().filter(i -> !i.getColumns().contains(columnId)).toList())
        .build();
  }

  /** The next version with one column changed. */
  static Table changing(Table table, int columnId, UnaryOperator<Column.Builder> change) {
    return next(table)
        .setColumns(
            table.getColumns().stream()
                .map(c -> c.getId() == columnId ? change.apply(Column.newBuilder(c)).build() : c)
                .toList())
        .build();
  }

  static Table renaming(Table table, String name) {
    return next(table).setName(name).build();
  }

  static Table with(Table table, Index... indexes) {
    return Table.newBuilder(table).setIndexes(List.of(indexes)).build();
  }

  static Table.Builder next(Table table) {
    return Table.newBuilder(table).setSchemaVersion(table.getSchemaVersion() + 1);
  }

  static ReplicaState state(Table... tables) {
    ReplicaState state = ReplicaState.EMPTY;
    for (Table table : tables) {
      state = state.with(java.util.Map.of(table.getTableId(), table));
    }
    return state;
  }
}
