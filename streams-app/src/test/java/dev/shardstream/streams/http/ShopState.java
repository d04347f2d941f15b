package dev.shardstream.streams.http;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TargetProgress;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.coordinator.TestTables;
import dev.shardstream.streams.state.Cluster;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A shop with one table that is being resharded: something in every field. */
final class ShopState {
  static {
    Events.trust(Table.class);
  }

  private static final String TABLE = "shop-orders-1";

  private ShopState() {}

  static FakeState of() {
    FakeState state = new FakeState();
    state.tables.add(table());
    state.topologies.add(topology());
    state.reshards.add(reshard("shop-r1", ReshardStatus.COPYING, 200));
    state.reshards.add(reshard("shop-r0", ReshardStatus.FAILED, 100));
    state.results.add(result("c1", DdlStatus.APPLIED, 1));
    state.results.add(result("c2", DdlStatus.REJECTED, 2));
    state.nodes =
        new Cluster(
            60_000,
            new TreeMap<>(
                Map.of(
                    "a",
                    new Cluster.Seen(node("a", 0, 5), 20, true, 60_000),
                    "b",
                    new Cluster.Seen(node("b", 1, -1), 59_000, true, 60_000))));
    return state;
  }

  static Table table() {
    return Table.newBuilder(TestTables.active(TABLE, "orders"))
        .setColumns(
            List.of(
                column(1, "id", TypeName.BIGINT, null),
                column(2, "note", TypeName.VARCHAR, "it's")))
        .setIndexes(
            List.of(
                Index.newBuilder()
                    .setId(1)
                    .setName("by_note")
                    .setUnique(false)
                    .setColumns(List.of(2, 1))
                    .setStatus(IndexStatus.READY)
                    .setCommandId("c1")
                    .build()))
        .build();
  }

  private static Column column(int id, String name, TypeName type, String defaultValue) {
    return Column.newBuilder()
        .setId(id)
        .setName(name)
        .setType(type)
        .setLength(type == TypeName.VARCHAR ? (Integer) 20 : null)
        .setNullable(id > 1)
        .setDefaultValue(defaultValue)
        .build();
  }

  private static Topology topology() {
    return Topology.newBuilder()
        .setDatabase("shop")
        .setTableId(TABLE)
        .setEpoch(1)
        .setShards(
            List.of(shard(0, "a", 0, 128), shard(1, "b", 128, 256), pending(shard(2, "a", 0, 256))))
        .setNextShardId(3)
        .setChangeLogId("shop-r1")
        .build();
  }

  private static Shard shard(int id, String node, int from, int to) {
    return Shard.newBuilder()
        .setId(id)
        .setNodeId(node)
        .setStatus(ShardStatus.ACTIVE)
        .setRole(ShardRole.OWNER)
        .setVirtualShards(IntStream.range(from, to).boxed().toList())
        .build();
  }

  private static Shard pending(Shard shard) {
    return Shard.newBuilder(shard).setStatus(ShardStatus.PENDING).build();
  }

  private static Node node(String id, int shard, long end) {
    return Node.newBuilder()
        .setNodeId(id)
        .setIncarnation("1")
        .setEndpoint("http://" + id + ":1")
        .setState(NodeState.UP)
        .setHeartbeatAt(7)
        .setFreeBytes(100)
        .setCapacityBytes(1_000)
        .setShards(
            List.of(
                ShardReport.newBuilder()
                    .setTableId(TABLE)
                    .setShardId(shard)
                    .setState(ShardState.APPLYING)
                    .setSchemaVersion(1)
                    .setRows(10)
                    .setBytes(4096)
                    .setAppliedChanges(12)
                    .setPartitions(List.of(new PartitionLag(0, 3L, end)))
                    .build()))
        .build();
  }

  static Reshard reshard(String id, ReshardStatus status, long startedAt) {
    boolean failed = status == ReshardStatus.FAILED;
    return Reshard.newBuilder()
        .setDatabase("shop")
        .setChangeLogId(id)
        .setCommandId("c-" + id)
        .setTableId(TABLE)
        .setTable("orders")
        .setStatus(status)
        .setSourceShards(List.of(0, 1))
        .setTargetShards(List.of(2))
        .setStartedAt(startedAt)
        .setUpdatedAt(startedAt + 10)
        .setPhases(List.of(new ReshardPhase(status, startedAt, null)))
        .setTargets(
            List.of(
                new TargetProgress(2, "a", 256, 64, 500L, 500L, 2_000L, 0L, -1L, ShardRole.OWNER)))
        .setMismatches(failed ? List.of(new Mismatch(7, 0, 2, 3L, 2L, List.of("(17)"))) : List.of())
        .setErrorCode(failed ? "VERIFY_MISMATCH" : null)
        .setErrorMessage(failed ? "Verify found 1 virtual shards that differ: 7" : null)
        .setPurpose(ReshardPurpose.RESHARD)
        .setShardCount(1)
        .build();
  }

  static DdlResult result(String command, DdlStatus status, long at) {
    return DdlResult.newBuilder()
        .setCommandId(command)
        .setDatabase("shop")
        .setStatus(status)
        .setAt(at)
        .setOperation("ADD_COLUMN")
        .setIssuedBy("test")
        .setDependsOn(List.of("c0"))
        .setTable("orders")
        .setCode(status == DdlStatus.REJECTED ? "TABLE_NOT_FOUND" : null)
        .setMessage(status == DdlStatus.REJECTED ? "Table 'orders' not found" : null)
        .build();
  }

  static List<SchemaVersion> history() {
    return List.of(new SchemaVersion("shop", TABLE, 1, "c1", 1L, "CREATE TABLE", table()));
  }
}
