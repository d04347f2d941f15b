package dev.shardstream.producer.query;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tables of a small shop and where their shards are. */
final class Shop {

  static {
    Events.trust(Table.class);
  }

  static final String NODE = "n1";

  static final Table USERS =
      table(
          "users",
          1,
          List.of(1),
          column(1, "id", TypeName.INTEGER),
          column(2, "name", TypeName.TEXT),
          column(3, "City", TypeName.VARCHAR),
          column(4, "age", TypeName.INTEGER),
          column(5, "score", TypeName.DOUBLE),
          column(6, "active", TypeName.BOOLEAN),
          column(7, "born", TypeName.DATE),
          column(8, "photo", TypeName.BLOB));

  /** Two key columns, sharded by the first. */
  static final Table ORDERS =
      table(
          "orders",
          2,
          List.of(1),
          column(1, "user_id", TypeName.BIGINT),
          column(2, "no", TypeName.INTEGER),
          column(3, "total", TypeName.BIGINT),
          column(4, "price", TypeName.FLOAT),
          column(5, "note", TypeName.TEXT));

  static final Table TAGS =
      table(
          "tags",
          1,
          List.of(1),
          column(1, "tag", TypeName.TEXT),
          column(2, "id", TypeName.INTEGER),
          column(3, "weight", TypeName.DOUBLE));

  /** Two key columns that are both the shard key. */
  static final Table PRICES =
      table(
          "prices",
          2,
          List.of(1, 2),
          column(1, "rate", TypeName.DOUBLE),
          column(2, "day", TypeName.DATE),
          column(3, "code", TypeName.BLOB));

  static final Table CITIES =
      table(
          "cities",
          1,
          List.of(1),
          column(1, "city", TypeName.TEXT),
          column(2, "country", TypeName.TEXT),
          column(3, "people", TypeName.BIGINT));

  static final Map<Table, Integer> SHARDS = new LinkedHashMap<>();

  static {
    SHARDS.put(USERS, 5);
    SHARDS.put(ORDERS, 3);
    SHARDS.put(TAGS, 4);
    SHARDS.put(PRICES, 2);
    SHARDS.put(CITIES, 1);
  }

  private Shop() {}

  private static Table table(String name, int key, List<Integer> shardKey, Column... columns) {
    return Table.newBuilder()
        .setDatabase("default")
        .setTableId("default-" + name + "-1")
        .setName(name)
        .setSchemaVersion(1)
        .setStatus(TableStatus.ACTIVE)
        .setColumns(List.of(columns))
        .setPrimaryKey(key == 1 ? List.of(1) : List.of(1, 2))
        .setShardKey(shardKey)
        .setStrategy(Strategy.HASH)
        .setType(TableType.REGULAR)
        .setPartitions(16)
        .setNextColumnId(columns.length + 1)
        .setCreatedAt(0)
        .build();
  }

  private static Column column(int id, String name, TypeName type) {
    return Column.newBuilder().setId(id).setName(name).setType(type).setNullable(true).build();
  }

  /** Active shards from an id on, evenly. */
  static Topology topology(Table table, int epoch, int firstId, int shards) {
    return topology(table, epoch, shards(firstId, shards, ShardStatus.ACTIVE));
  }

  /** Shards that share all virtual shards. */
  static List<Shard> shards(int firstId, int shards, ShardStatus status) {
    List<Shard> all = new ArrayList<>();
    for (ShardRange range : ShardRange.split(shards)) {
      all.add(
          Shard.newBuilder()
              .setId(firstId + all.size())
              .setNodeId(NODE)
              .setStatus(status)
              .setVirtualShards(range.virtualShards())
              .build());
    }
    return all;
  }

  static Topology topology(Table table, int epoch, List<Shard> shards) {
    return Topology.newBuilder()
        .setDatabase(table.getDatabase())
        .setTableId(table.getTableId())
        .setEpoch(epoch)
        .setShards(shards)
        .setNextShardId(100)
        .build();
  }

  static Node node(String endpoint, String incarnation) {
    return Node.newBuilder()
        .setNodeId(NODE)
        .setIncarnation(incarnation)
        .setEndpoint(endpoint)
        .setState(NodeState.UP)
        .setHeartbeatAt(0)
        .setFreeBytes(0)
        .setCapacityBytes(0)
        .setShards(List.of())
        .build();
  }

  /** All tables, with as many shards as {@link #SHARDS} says, numbered from 0, at epoch 1. */
  static MetadataSnapshot metadata() {
    Map<String, Table> tables = new LinkedHashMap<>();
    Map<String, Topology> topologies = new LinkedHashMap<>();
    SHARDS.forEach(
        (table, shards) -> {
          tables.put(table.getTableId(), table);
          topologies.put(table.getTableId(), topology(table, 1, 0, shards));
        });
    return new MetadataSnapshot(
        tables, topologies, Map.of(), Map.of(NODE, node("http://localhost:1", "a")));
  }

  /**
   * All tables with strategy RANGE and as many shards as {@link #SHARDS} says, split at keys of
   * their rows.
   */
  static MetadataSnapshot ranges(Map<Table, List<List<@Nullable Object>>> rows) {
    Map<String, Table> tables = new LinkedHashMap<>();
    Map<String, Topology> topologies = new LinkedHashMap<>();
    SHARDS.forEach(
        (table, shards) -> {
          List<byte[]> keys =
              rows.get(table).stream()
                  .map(row -> OrderedKey.of(SqliteShards.shardKey(table, row)))
                  .collect(Collectors.toCollection(() -> new TreeSet<>(OrderedKey::compare)))
                  .stream()
                  .toList();
          List<byte[]> splitAt =
              IntStream.range(1, shards).mapToObj(i -> keys.get(i * keys.size() / shards)).toList();
          tables.put(
              table.getTableId(), Table.newBuilder(table).setStrategy(Strategy.RANGE).build());
          topologies.put(table.getTableId(), topology(table, 1, ranges(splitAt)));
        });
    return new MetadataSnapshot(
        tables, topologies, Map.of(), Map.of(NODE, node("http://localhost:1", "a")));
  }

  private static List<Shard> ranges(List<byte[]> splitAt) {
    List<Shard> all = new ArrayList<>();
    for (KeyRange range : KeyRanges.between(splitAt)) {
      all.add(
          Shard.newBuilder()
              .setId(all.size())
              .setNodeId(NODE)
              .setStatus(ShardStatus.ACTIVE)
              .setVirtualShards(SampleTables.ALL_VIRTUAL_SHARDS)
              .setRange(range)
              .build());
    }
    return all;
  }

  /** The same metadata with another topology of one table. */
  static MetadataSnapshot with(MetadataSnapshot metadata, Topology topology) {
    Map<String, Topology> topologies = new LinkedHashMap<>(metadata.topologies());
    topologies.put(topology.getTableId(), topology);
    return new MetadataSnapshot(
        metadata.tablesById(), topologies, metadata.reshards(), metadata.nodes());
  }
}
