package dev.shardstream.producer.metadata;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Small worlds for tests. */
public final class SampleTables {
  static {
    Events.trust(Table.class);
  }

  /** One column of each type; the key is (id, region), the shard key is id. */
  public static final Table EVENTS =
      table(
          "events",
          1,
          List.of(1, 2),
          List.of(1),
          column(1, "id", TypeName.BIGINT, null, false, null),
          column(2, "region", TypeName.VARCHAR, 3, false, "eu"),
          column(3, "count", TypeName.INTEGER, null, true, 7L),
          column(4, "weight", TypeName.DOUBLE, null, true, null),
          column(5, "ratio", TypeName.FLOAT, null, true, null),
          column(6, "done", TypeName.BOOLEAN, null, false, 0L),
          column(7, "day", TypeName.DATE, null, true, null),
          column(8, "at", TypeName.TIMESTAMP, null, true, null),
          column(9, "body", TypeName.BLOB, null, true, null),
          column(10, "note", TypeName.TEXT, null, false, null));

  public static final Table USERS =
      table(
          "Users",
          2,
          List.of(1),
          List.of(1),
          column(1, "id", TypeName.INTEGER, null, false, null),
          column(2, "name", TypeName.TEXT, null, true, null));

  /** What each shard of a RANGE table holds. */
  public static final List<Integer> ALL_VIRTUAL_SHARDS =
      IntStream.range(0, VirtualShards.COUNT).boxed().toList();

  private SampleTables() {}

  public static Column column(
      int id,
      String name,
      TypeName type,
      @Nullable Integer length,
      boolean nullable,
      @Nullable Object byDefault) {
    return new Column(id, name, type, length, nullable, byDefault, null, null);
  }

  public static Table table(
      String name, int number, List<Integer> key, List<Integer> shardKey, Column... columns) {
    return Table.newBuilder()
        .setDatabase("default")
        .setTableId("default-" + name.toLowerCase(java.util.Locale.ROOT) + "-" + number)
        .setName(name)
        .setSchemaVersion(1)
        .setStatus(TableStatus.ACTIVE)
        .setColumns(List.of(columns))
        .setPrimaryKey(key)
        .setShardKey(shardKey)
        .setType(TableType.REGULAR)
        .setStrategy(Strategy.HASH)
        .setPartitions(16)
        .setNextColumnId(columns.length + 1)
        .setCreatedAt(1_000)
        .build();
  }

  /** Active shards 0 to n-1 on nodes n0 and n1 in turn. */
  public static Topology topology(Table table, int epoch, int shards) {
    List<Shard> all = new ArrayList<>();
    List<ShardRange> ranges = ShardRange.split(shards);
    for (int i = 0; i < shards; i++) {
      all.add(
          new Shard(
              i,
              "n" + i % 2,
              ShardStatus.ACTIVE,
              ranges.get(i).virtualShards(),
              ShardRole.OWNER,
              null));
    }
    return topology(table, epoch, all);
  }

  public static Topology topology(Table table, int epoch, List<Shard> shards) {
    return Topology.newBuilder()
        .setDatabase(table.getDatabase())
        .setTableId(table.getTableId())
        .setEpoch(epoch)
        .setShards(shards)
        .setNextShardId(shards.size())
        .build();
  }

  /** The table with strategy RANGE. */
  public static Table ranges(Table table) {
    return ranges(table, table.getShardKey());
  }

  /** The table with strategy RANGE and another shard key. */
  public static Table ranges(Table table, List<Integer> shardKey) {
    return Table.newBuilder(table).setStrategy(Strategy.RANGE).setShardKey(shardKey).build();
  }

  /** Active shards of a RANGE table, from 0 on, on nodes n0 and n1 in turn. */
  public static Topology ranges(Table table, int epoch, List<? extends List<?>> splitAt) {
    List<Shard> all = new ArrayList<>();
    for (KeyRange range : KeyRanges.between(splitAt.stream().map(OrderedKey::of).toList())) {
      all.add(
          new Shard(
              all.size(),
              "n" + all.size() % 2,
              ShardStatus.ACTIVE,
              ALL_VIRTUAL_SHARDS,
              ShardRole.OWNER,
              range));
    }
    return topology(table, epoch, all);
  }

  public static Node node(String id, ShardReport... shards) {
    return new Node(id, "i1", "http://" + id + ":80", NodeState.UP, 5L, 10L, 100L, List.of(shards));
  }

  public static ShardReport report(Table table, int shard, long rows, PartitionLag... lags) {
    return ShardReport.newBuilder()
        .setTableId(table.getTableId())
        .setShardId(shard)
        .setState(ShardState.APPLYING)
        .setSchemaVersion(1)
        .setRows(rows)
        .setBytes(4096)
        .setAppliedChanges(rows)
        .setPartitions(List.of(lags))
        .build();
  }

  /** Both tables with their shards, two nodes. */
  public static MetadataSnapshot snapshot(int shards) {
    return new MetadataSnapshot(
        Map.of(EVENTS.getTableId(), EVENTS, USERS.getTableId(), USERS),
        Map.of(
            EVENTS.getTableId(), topology(EVENTS, 1, shards),
            USERS.getTableId(), topology(USERS, 1, shards)),
        Map.of(),
        Map.of("n0", node("n0"), "n1", node("n1")));
  }

  /** Metadata that a test sets. */
  public static class Fixed implements Metadata {
    private volatile MetadataSnapshot snapshot;

    public Fixed(MetadataSnapshot snapshot) {
      this.snapshot = snapshot;
    }

    public void set(MetadataSnapshot next) {
      snapshot = next;
    }

    @Override
    public MetadataSnapshot snapshot() {
      return snapshot;
    }

    @Override
    public boolean await(Predicate<MetadataSnapshot> condition, Duration timeout) {
      return condition.test(snapshot);
    }
  }
}
