package dev.shardstream.producer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.http.SnapshotsSeen;
import dev.shardstream.schemas.snapshot.RowsDigest;
import dev.shardstream.schemas.snapshot.SnapshotInfo;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotSlice;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import dev.shardstream.schemas.snapshot.SnapshotWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRetentionTest {
  private static final String CLUSTER = "kafka-1";
  private static final long NOW = 1_000_000;
  private static final Table TABLE = Table.newBuilder(SampleTables.USERS).setPartitions(2).build();
  private static final Topology TOPOLOGY = SampleTables.topology(TABLE, 1, 2);

  @TempDir private Path directory;
  private final Map<String, SnapshotsSeen> seen = new TreeMap<>();
  private final FakeLogStarts log = new FakeLogStarts();
  private SnapshotStore store;

  private static final class FakeLogStarts implements LogRetention.Log {
    private final SortedMap<Integer, Long> starts = new TreeMap<>(Map.of(0, 0L, 1, 0L));

    @Override
    public SortedMap<Integer, Long> starts(String tableId) {
      return new TreeMap<>(starts);
    }

    @Override
    public void cut(String tableId, Map<Integer, Long> behind) {
      assertThat(tableId).isEqualTo(TABLE.getTableId());
      starts.putAll(behind);
    }
  }

  @BeforeEach
  void twoSnapshotsThatBothNodesSee() throws IOException {
    store = SnapshotStores.open(directory.resolve("kept").toString());
    snapshot("older", TABLE.getTableId(), CLUSTER, 1, 100);
    snapshot("newer", TABLE.getTableId(), CLUSTER, 2, 500);
    for (String endpoint : List.of("http://n0:80", "http://n1:80")) {
      seen.put(endpoint, new SnapshotsSeen("/kept", List.of("newer", "older")));
    }
  }

  /** Each virtual shard is at the offset of the snapshot and its own number. */
  private void snapshot(String name, String tableId, String cluster, long at, long offset)
      throws IOException {
    Path content = directory.resolve("slice");
    Files.writeString(content, name);
    SnapshotWriter writer = new SnapshotWriter(store, name);
    List<SnapshotSlice> slices = new ArrayList<>();
    for (int v = 0; v < VirtualShards.COUNT; v++) {
      slices.add(
          writer.entry(
              v,
              KeyRanges.ALL,
              VirtualShards.partitionOf(v, 2),
              offset + v,
              offset + v,
              RowsDigest.NONE,
              content));
    }
    writer.commit(
        SnapshotManifest.of(
            name,
            at,
            "test",
            cluster,
            2,
            List.of(),
            null,
            null,
            Table.newBuilder(TABLE).setTableId(tableId).build(),
            List.of(),
            slices));
  }

  private static Node node(String id, ShardReport shard) {
    return new Node(
        id, "i1", "http://" + id + ":80", NodeState.UP, NOW - 1_000, 10L, 100L, List.of(shard));
  }

  private static ShardReport at(int shard, int partition, long position) {
    return SampleTables.report(TABLE, shard, 7, new PartitionLag(partition, position, 900L));
  }

  private static MetadataSnapshot cluster(Topology topology, Node... nodes) {
    Map<String, Node> byId = new TreeMap<>();
    for (Node node : nodes) {
      byId.put(node.getNodeId(), node);
    }
    return new MetadataSnapshot(
        Map.of(TABLE.getTableId(), TABLE), Map.of(TABLE.getTableId(), topology), Map.of(), byId);
  }

  private static MetadataSnapshot wellApplied() {
    return cluster(TOPOLOGY, node("n0", at(0, 0, 600)), node("n1", at(1, 1, 600)));
  }

  private LogRetention retention() {
    return new LogRetention(
        (endpoint, tableId) -> seen.get(endpoint), log, CLUSTER, Duration.ofSeconds(30));
  }

  private CutLog cut(MetadataSnapshot cluster, boolean dryRun) {
    return retention().cut(cluster, TABLE, store, NOW, dryRun);
  }

  private void refuses(MetadataSnapshot cluster, String why) {
    assertThatThrownBy(() -> cut(cluster, false))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LOG_NOT_CUT))
        .hasMessage("The log of table 'Users' is not cut: " + why);
    assertThat(log.starts).isEqualTo(Map.of(0, 0L, 1, 0L));
  }

  @Test
  void a_log_begins_at_the_least_positions_of_the_oldest_snapshot() {
    CutLog expected =
        new CutLog(
            "older", List.of(new CutLog.Partition(0, 0, 100), new CutLog.Partition(1, 0, 228)));

    assertThat(cut(wellApplied(), true)).isEqualTo(expected);
    assertThat(log.starts).isEqualTo(Map.of(0, 0L, 1, 0L));
    assertThat(cut(wellApplied(), false)).isEqualTo(expected);
    assertThat(log.starts).isEqualTo(Map.of(0, 100L, 1, 228L));
    assertThat(cut(wellApplied(), false).partitions())
        .isEqualTo(List.of(new CutLog.Partition(0, 100, 100), new CutLog.Partition(1, 228, 228)));
  }

  @Test
  void a_log_that_begins_later_stays_as_it_is() {
    log.starts.put(1, 300L);

    assertThat(cut(wellApplied(), false).partitions())
        .isEqualTo(List.of(new CutLog.Partition(0, 0, 100), new CutLog.Partition(1, 300, 300)));
    assertThat(log.starts).isEqualTo(Map.of(0, 100L, 1, 300L));
  }

  @Test
  void snapshots_of_other_tables_and_clusters_do_not_count() throws IOException {
    snapshot("other-table", "default-users-9", CLUSTER, 0, 1);
    snapshot("other-cluster", TABLE.getTableId(), "kafka-2", 0, 1);

    assertThat(cut(wellApplied(), true).snapshot()).isEqualTo("older");
  }

  @Test
  void without_a_snapshot_nothing_is_cut() {
    store = SnapshotStores.open(directory.resolve("empty").toString());

    refuses(wellApplied(), "there is no snapshot of it in " + store.place());
  }

  @Test
  void what_a_shard_has_to_apply_is_not_cut() {
    refuses(
        cluster(TOPOLOGY, node("n0", at(0, 0, 600)), node("n1", at(1, 1, 227))),
        "shard default-users-2/1 is at offset 227 of partition 1, and the snapshot begins at 228:"
            + " let it catch up");
  }

  @Test
  void a_shard_that_nobody_speaks_of_or_that_has_failed_is_in_the_way() {
    Node silent = Node.newBuilder(node("n1", at(1, 1, 600))).setHeartbeatAt(NOW - 30_000).build();
    ShardReport broken =
        ShardReport.newBuilder(at(1, 1, 600))
            .setState(ShardState.FAILED)
            .setError("it is broken")
            .build();

    refuses(
        cluster(TOPOLOGY, node("n0", at(0, 0, 600))),
        "node 'n1' says nothing of shard default-users-2/1");
    refuses(
        cluster(TOPOLOGY, node("n0", at(0, 0, 600)), silent),
        "node 'n1' says nothing of shard default-users-2/1");
    refuses(
        cluster(TOPOLOGY, node("n0", at(0, 0, 600)), node("n1", broken)),
        "shard default-users-2/1 has failed: it is broken");
  }

  @Test
  void nothing_is_cut_during_a_reshard() {
    refuses(
        cluster(
            Topology.newBuilder(TOPOLOGY).setChangeLogId("default-r4").build(),
            node("n0", at(0, 0, 600)),
            node("n1", at(1, 1, 600))),
        "reshard default-r4 is running: wait until it has ended");
  }

  @Test
  void every_node_has_to_see_the_snapshot() {
    seen.put("http://n1:80", new SnapshotsSeen("/elsewhere", List.of("newer")));
    refuses(wellApplied(), "node 'n1' does not see snapshot 'older' in /elsewhere");

    seen.put("http://n1:80", new SnapshotsSeen(null, List.of()));
    refuses(wellApplied(), "node 'n1' looks for snapshots nowhere: set its snapshot.place");
  }

  private List<String> names() {
    return SnapshotInfo.list(store).stream().map(SnapshotInfo::name).toList();
  }

  @Test
  void a_snapshot_that_a_log_needs_is_not_deleted() {
    log.starts.putAll(Map.of(0, 300L, 1, 300L));

    assertThatThrownBy(() -> retention().delete(wellApplied(), store, "newer"))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SNAPSHOT_NEEDED))
        .hasMessageStartingWith(
            "Snapshot 'newer' is needed: the log of table 'Users' was cut behind it");
    retention().delete(wellApplied(), store, "older");
    assertThat(names()).containsExactly("newer");
  }

  @Test
  void any_other_snapshot_is_deleted_with_all_its_files() throws IOException {
    snapshot("elsewhere", TABLE.getTableId(), "kafka-2", 0, 1);
    for (String name : List.of("elsewhere", "newer", "older")) {
      retention().delete(wellApplied(), store, name);
    }

    assertThat(names()).isEmpty();
    try (Stream<Path> left = Files.walk(directory.resolve("kept"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void the_newest_snapshots_of_a_table_are_kept() throws IOException {
    snapshot("newest", TABLE.getTableId(), CLUSTER, 3, 900);
    snapshot("elsewhere", TABLE.getTableId(), "kafka-2", 0, 1);
    log.starts.putAll(Map.of(0, 100L, 1, 100L));

    assertThat(retention().prune(TABLE, store, 3)).isEmpty();
    assertThat(retention().prune(TABLE, store, 1)).isEqualTo(List.of("older", "newer"));
    assertThat(names()).containsExactlyInAnyOrder("elsewhere", "newest");
  }

  @Test
  void a_damaged_snapshot_counts_for_nothing_and_keeps_a_log_whole() throws IOException {
    snapshot("newest", TABLE.getTableId(), CLUSTER, 3, 900);
    Files.writeString(directory.resolve("kept/newer/complete"), "no marker");

    refuses(
        wellApplied(),
        "it may have been the oldest: Snapshot 'newer' is damaged: complete: it is no marker");
    assertThat(retention().prune(TABLE, store, 1)).isEqualTo(List.of("older"));
    retention().delete(wellApplied(), store, "newest");
    assertThat(names()).containsExactly("newer");
    log.starts.putAll(Map.of(0, 100L, 1, 100L));
    snapshot("older", TABLE.getTableId(), CLUSTER, 1, 100);
    assertThatThrownBy(() -> retention().delete(wellApplied(), store, "older"))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SNAPSHOT_NEEDED));
  }

  @Test
  void an_old_snapshot_that_a_log_needs_is_not_pruned() throws IOException {
    // Taken later, of a time before: a log that was cut in between goes on at the other one alone.
    snapshot("behind", TABLE.getTableId(), CLUSTER, 3, 0);
    log.starts.putAll(Map.of(0, 300L, 1, 300L));

    assertThatThrownBy(() -> retention().prune(TABLE, store, 1))
        .isInstanceOfSatisfying(
            ShardstreamException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SNAPSHOT_NEEDED));
    assertThat(names()).containsExactlyInAnyOrder("behind", "newer");
  }
}
