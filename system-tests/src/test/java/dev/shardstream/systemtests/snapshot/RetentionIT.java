package dev.shardstream.systemtests.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.snapshot.CutLog;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotSlice;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import dev.shardstream.standalone.process.WorkerProcess;
import dev.shardstream.systemtests.cluster.Directories;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.cluster.TestPaths;
import dev.shardstream.systemtests.commandline.CommandLine;
import dev.shardstream.systemtests.recovery.RowsAway;
import dev.shardstream.systemtests.reshard.LiveOrders;
import dev.shardstream.systemtests.reshard.Reshards;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A log is cut behind a snapshot, and whatever needs the log from its first record still works. */
class RetentionIT {
  private static final Path PLACE = TestPaths.directory("retention-snapshots").toAbsolutePath();

  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          "retention",
          options ->
              options
                  .withStreamsSettings(Map.of("task.timeout.ms", "3000", "reshard.grace.ms", "500"))
                  .withWorkerSettings(Map.of("snapshot.place", PLACE.toString())));

  private static final String TABLE = "cut";
  private static final long SEED = 41;
  private static final int ROWS = 3_000;

  @Test
  void a_log_is_cut_behind_its_oldest_snapshot_and_a_lost_disk_begins_with_it() {
    Directories.fresh(PLACE);
    WorkerProcess empty = CLUSTER.cluster().worker(1);
    Reshards reshards = new Reshards(CLUSTER.client());
    try (SnapshotStore store = SnapshotStores.open(PLACE.toString());
        LiveOrders orders = LiveOrders.load(CLUSTER, TABLE, 2, ROWS, SEED)) {
      assertThatThrownBy(() -> CLUSTER.client().snapshots().cutLog(TABLE, store, false))
          .isInstanceOfSatisfying(
              ShardstreamException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LOG_NOT_CUT))
          .hasMessage("The log of table 'cut' is not cut: there is no snapshot of it in " + PLACE);
      CLUSTER.client().execute("ALTER TABLE cut ADD COLUMN extra TEXT");
      CLUSTER.client().execute("CREATE UNIQUE INDEX cut_extra ON cut (o_orderkey, extra)");
      SnapshotManifest oldest =
          CLUSTER.client().snapshots().create(TABLE, store, "oldest", stored -> {});
      CLUSTER.client().snapshots().create(TABLE, store, "newer", stored -> {});
      // What follows has rules about a column that the table has lost with them.
      CLUSTER.client().execute("ALTER TABLE cut DROP COLUMN extra CASCADE");
      orders.withTraffic(RowsAway::isMeant).atWork();

      CutLog planned = CLUSTER.client().snapshots().cutLog(TABLE, store, true);
      CutLog done = CLUSTER.client().snapshots().cutLog(TABLE, store, false);
      CutLog again = CLUSTER.client().snapshots().cutLog(TABLE, store, false);

      assertThat(done).isEqualTo(planned);
      assertThat(done.snapshot()).isEqualTo("oldest");
      assertThat(starts(done)).isEqualTo(positions(oldest));
      assertThat(done.partitions()).allMatch(partition -> partition.before() == 0);
      assertThat(again.partitions())
          .isEqualTo(
              done.partitions().stream()
                  .map(p -> new CutLog.Partition(p.partition(), p.start(), p.start()))
                  .toList());

      verifyAgainstLog();
      reshards.complete(TABLE, 3);
      assertThat(nightly())
          .containsPattern(
              "snapshot cut-[0-9TZ]+ of table 'default.cut' at "
                  + PLACE
                  + ": [0-9]+ rows, [0-9]+ bytes\nsnapshot oldest is deleted\nthe log of table"
                  + " 'default.cut' begins at snapshot newer: [0-9]+ offsets are cut off\n");
      empty.kill();
      Directories.fresh(empty.dataDirectory());
      orders.watchGaps();
      empty.start();
      RowsAway.awaitBack(CLUSTER, orders);
      System.out.println("disk lost behind a log that was cut: " + orders.gaps());
      await("every shard is served again")
          .atMost(Patience.MANY_STEPS)
          .until(
              () ->
                  CLUSTER.client().nodes().view().shards().stream()
                      .allMatch(shard -> "applying".equals(shard.state())));
      orders.mustBeWhole();
    }
  }

  /** What a job does every night. */
  private static String nightly() {
    Path directory = Directories.fresh(TestPaths.directory("retention-nightly"));
    return new CommandLine(directory, CLUSTER.cluster().directory().root())
        .run("snapshot", "create", "--all", "--to", PLACE.toString(), "--keep", "2", "--cut-log")
        .succeeded()
        .out();
  }

  /** The shards that it compares with begin with the snapshot too. */
  private static void verifyAgainstLog() {
    String id =
        Objects.requireNonNull(
            CLUSTER.client().tables().verifyAgainstLog(TABLE).changeLogId(), "a verify has an id");
    ReshardInfo ended = CLUSTER.client().reshards().await(id, Patience.MANY_STEPS);
    assertThat(List.of(ended.status(), ended.digestsCompared(), ended.mismatches()))
        .as("%s", ended)
        .isEqualTo(List.of("complete", 256, 0));
  }

  private static Map<Integer, Long> starts(CutLog log) {
    return log.partitions().stream()
        .collect(Collectors.toMap(CutLog.Partition::partition, CutLog.Partition::start));
  }

  private static Map<Integer, Long> positions(SnapshotManifest manifest) {
    Map<Integer, Long> least = new TreeMap<>();
    for (SnapshotSlice slice : manifest.slices()) {
      least.merge(slice.partition(), slice.position(), Math::min);
    }
    return least;
  }
}
