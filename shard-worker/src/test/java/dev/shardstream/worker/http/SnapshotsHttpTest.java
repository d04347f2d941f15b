package dev.shardstream.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.http.SnapshotsSeen;
import dev.shardstream.schemas.snapshot.NodeSnapshots;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.snapshot.SnapshotPlace;
import dev.shardstream.worker.snapshot.StoredSlices;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsHttpTest {
  private static final String CLUSTER = "kafka-1";

  @TempDir private Path directory;

  private SnapshotsSeen seen(Optional<SnapshotPlace> place) throws Exception {
    try (TestNode node = TestNode.open(directory.resolve("node"), new FakeLog());
        WorkerHttp http =
            new WorkerHttp(
                TestHttp.settings(),
                node.shards(),
                node.directory().temporary(),
                place,
                Clock.systemUTC(),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                Optional::empty)) {
      http.start();
      return new NodeSnapshots(Duration.ofSeconds(30), Caller.plain())
          .seenBy("http://127.0.0.1:" + http.port(), Orders.TABLE.getTableId());
    }
  }

  @Test
  void a_node_says_which_snapshots_it_could_begin_with() throws Exception {
    String kept = directory.resolve("kept").toString();
    SnapshotPlace place = new SnapshotPlace(SnapshotStores.open(kept), CLUSTER);
    assertThat(seen(Optional.of(place))).isEqualTo(new SnapshotsSeen(kept, List.of()));

    StoredSlices.empty(directory, SnapshotStores.open(kept), "one", CLUSTER, 1);
    StoredSlices.empty(directory, SnapshotStores.open(kept), "two", CLUSTER, 2);
    StoredSlices.empty(directory, SnapshotStores.open(kept), "foreign", "kafka-2", 3);

    assertThat(seen(Optional.of(place))).isEqualTo(new SnapshotsSeen(kept, List.of("two", "one")));
  }

  @Test
  void a_node_without_a_place_says_so() throws Exception {
    assertThat(seen(Optional.empty())).isEqualTo(new SnapshotsSeen(null, List.of()));
  }
}
