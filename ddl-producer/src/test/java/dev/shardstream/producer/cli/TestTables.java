package dev.shardstream.producer.cli;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.List;

/** Tables as the catalog has them, in a line each. */
final class TestTables {

  static {
    Events.trust(Table.class);
  }

  private TestTables() {}

  record TestColumn(String name, TypeName type, boolean isKey) {}

  static TestColumn key(String name, TypeName type) {
    return new TestColumn(name, type, true);
  }

  static TestColumn column(String name, TypeName type) {
    return new TestColumn(name, type, false);
  }

  /** A table 't' of the database 'default'. */
  static Table table(TestColumn... columns) {
    List<Column> all = new ArrayList<>();
    List<Integer> key = new ArrayList<>();
    for (TestColumn column : columns) {
      int id = all.size() + 1;
      all.add(
          Column.newBuilder()
              .setId(id)
              .setName(column.name())
              .setType(column.type())
              .setNullable(!column.isKey())
              .build());
      if (column.isKey()) {
        key.add(id);
      }
    }
    return Table.newBuilder()
        .setDatabase("default")
        .setTableId("default-t-1")
        .setName("t")
        .setSchemaVersion(1)
        .setStatus(TableStatus.ACTIVE)
        .setColumns(all)
        .setPrimaryKey(key)
        .setShardKey(key)
        .setStrategy(Strategy.HASH)
        .setType(TableType.REGULAR)
        .setPartitions(16)
        .setNextColumnId(all.size() + 1)
        .setCreatedAt(0)
        .build();
  }
}
