package dev.shardstream.worker.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.metrics.WorkerMetric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotWatchTest {
  private static final String CLUSTER = "kafka-1";
  private static final String CUT = Orders.TABLE.getTableId();
  private static final String WHOLE = "default-whole-2";

  @TempDir private Path directory;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Map<String, Map<Integer, Long>> starts = new TreeMap<>();
  private boolean kafkaIsAway;
  private Path kept;
  private SnapshotStore store;

  @BeforeEach
  void twoTables() {
    kept = directory.resolve("kept");
    store = SnapshotStores.open(kept.toString());
    starts.put(CUT, Map.of(0, 40L));
    starts.put(WHOLE, Map.of(0, 0L));
  }

  private SnapshotWatch watch(Optional<SnapshotPlace> place) {
    return new SnapshotWatch(
        place,
        () -> Set.of(CUT, WHOLE),
        tableId -> {
          if (kafkaIsAway) {
            throw new ShardstreamException(ErrorCode.KAFKA_UNREACHABLE, "nowhere:1", 1);
          }
          return starts.get(tableId);
        },
        metrics);
  }

  private double seenBy(SnapshotWatch watch) {
    watch.look();
    return metrics.get(WorkerMetric.TABLES_WITHOUT_SNAPSHOT.definition().name()).gauge().value();
  }

  @Test
  void a_table_is_missed_while_no_snapshot_reaches_its_log() throws Exception {
    try (SnapshotWatch watch = watch(Optional.of(new SnapshotPlace(store, CLUSTER)))) {
      assertThat(seenBy(watch)).as("no snapshot").isEqualTo(1);
      StoredSlices.emptyAt(39, directory, store, "before", CLUSTER, 1);
      StoredSlices.emptyAt(40, directory, store, "elsewhere", "kafka-2", 2);
      assertThat(seenBy(watch)).as("none that reaches it").isEqualTo(1);
      StoredSlices.emptyAt(40, directory, store, "reaching", CLUSTER, 3);
      assertThat(seenBy(watch)).as("one that does").isZero();
      starts.put(CUT, Map.of(0, 41L));
      assertThat(seenBy(watch)).as("cut again").isEqualTo(1);
      starts.put(CUT, Map.of(0, 0L));
      assertThat(seenBy(watch)).as("whole again").isZero();
    }
  }

  @Test
  void a_place_that_is_away_has_no_snapshots_and_a_log_that_is_away_begins_where_it_did()
      throws Exception {
    StoredSlices.emptyAt(40, directory, store, "reaching", CLUSTER, 3);
    try (SnapshotWatch watch = watch(Optional.of(new SnapshotPlace(store, CLUSTER)))) {
      assertThat(seenBy(watch)).isZero();
      Files.move(kept, directory.resolve("away"));
      Files.writeString(kept, "no directory");
      assertThat(seenBy(watch)).as("the place is away").isEqualTo(1);
      kafkaIsAway = true;
      Files.delete(kept);
      Files.move(directory.resolve("away"), kept);
      assertThat(seenBy(watch)).as("nobody knows").isEqualTo(1);
      kafkaIsAway = false;
      assertThat(seenBy(watch)).isZero();
    }
  }

  @Test
  void a_node_without_a_place_could_not_begin_a_shard_of_a_log_that_was_cut() {
    try (SnapshotWatch watch = watch(Optional.empty())) {
      assertThat(seenBy(watch)).isEqualTo(1);
    }
  }
}
