package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tables to define and change. */
final class Samples {
  static {
    Events.trust(Table.class);
  }

  private Samples() {}

  /** A namespace that a test fills. */
  static final class View implements CatalogView {
    final List<Table> tables = new ArrayList<>();
    final Map<Integer, Integer> liveQueriesByColumn = new HashMap<>();

    @Override
    public Optional<Table> table(String name) {
      return tables.stream().filter(t -> Names.same(t.getName(), name)).findFirst();
    }

    @Override
    public Optional<Table> tableOfIndex(String index) {
      return tables.stream().filter(t -> IndexDefinition.find(t, index).isPresent()).findFirst();
    }

    @Override
    public int liveQueries(String tableId, int columnId) {
      return liveQueriesByColumn.getOrDefault(columnId, 0);
    }
  }

  static CreateTable.Builder create(String name) {
    return CreateTable.newBuilder()
        .setTable(name)
        .setColumns(List.of(column("id", TypeName.BIGINT), column("note", TypeName.TEXT)))
        .setPrimaryKey(List.of("id"))
        .setPartitions(4)
        .setStrategy(Strategy.HASH)
        .setType(TableType.REGULAR);
  }

  static CreateTable node(String name, TypeName keyType) {
    return create(name)
        .setType(TableType.NODE)
        .setColumns(List.of(column("key", keyType)))
        .setPrimaryKey(List.of("key"))
        .build();
  }

  static ColumnDefinition column(String name, TypeName type) {
    return ColumnDefinition.newBuilder().setName(name).setType(type).build();
  }

  /** The table as it is when it is active. */
  static Table table(CreateTable create) {
    return Table.newBuilder(TableDefinition.of(create, "shop", 1, 42, new View()))
        .setStatus(TableStatus.ACTIVE)
        .build();
  }
}
