package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.util.List;

/** Tables as they stand in the catalog, for tests that do not create them. */
public final class TestTables {
  static {
    Events.trust(Table.class);
  }

  private TestTables() {}

  /** A table of one column that is active. */
  public static Table active(String tableId, String name) {
    return Table.newBuilder()
        .setDatabase("shop")
        .setTableId(tableId)
        .setName(name)
        .setSchemaVersion(1)
        .setStatus(TableStatus.ACTIVE)
        .setType(TableType.REGULAR)
        .setColumns(
            List.of(
                Column.newBuilder()
                    .setId(1)
                    .setName("id")
                    .setType(TypeName.BIGINT)
                    .setNullable(false)
                    .build()))
        .setPrimaryKey(List.of(1))
        .setShardKey(List.of(1))
        .setStrategy(Strategy.HASH)
        .setPartitions(4)
        .setNextColumnId(2)
        .setCreatedAt(1)
        .build();
  }
}
