package dev.shardstream.systemtests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.snapshot.DirectoryStore;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.WorkerProcess;
import dev.shardstream.standalone.snapshot.Restore;
import dev.shardstream.systemtests.cluster.Directories;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The drill: under load one disk after the other is destroyed, up to all of them but Kafka's and
 * the registry's, and what was there is there again when the processes are started. At last those
 * are destroyed too, and a snapshot brings the table back.
 *
 * <p>{@code ./mvnw -Pdrill verify}; the times that it prints are in docs/recovery.md.
 */
@EnabledIfSystemProperty(named = "shardstream.drill", matches = "true")
class DrillIT {
  private static final int ROWS = 20_000;
  private static final long SEED = 41;

  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own("drill", options -> options.withNodes(3));

  /**
   * Something that is lost.
   *
   * @param processes that die with it, in the order in which they are started again
   * @param disks that are empty then
   */
  private record Loss(String what, List<JavaProcess> processes, List<Path> disks) {}

  private static List<Loss> losses(Cluster cluster) {
    List<Path> workerDisks = cluster.workers().stream().map(WorkerProcess::dataDirectory).toList();
    Path state = cluster.directory().streams(cluster.streams().name()).resolve("state");
    return List.of(
        new Loss(
            "the disk of one worker",
            List.of(cluster.worker(1)),
            List.of(cluster.worker(1).dataDirectory())),
        new Loss("the disks of all workers", List.copyOf(cluster.workers()), workerDisks),
        new Loss("the state of streams-app", List.of(cluster.streams()), List.of(state)),
        new Loss(
            "every process, and every disk but those of Kafka and the registry",
            cluster.processes(),
            Stream.concat(workerDisks.stream(), Stream.of(state)).toList()));
  }

  @Test
  void what_is_lost_but_kafka_and_the_registry_is_there_again_when_the_processes_start() {
    List<String> report = new ArrayList<>();
    try (LiveOrders orders = LiveOrders.load(CLUSTER, "drilled", "SHARDS=6", ROWS, SEED)) {
      for (Loss loss : losses(CLUSTER.cluster())) {
        orders.withTraffic(RowsAway::isMeant).atWork();
        report.add(drill(loss, orders));
        CLUSTER.awaitHeard();
        orders.mustBeWhole();
      }
    } finally {
      report.forEach(line -> System.out.println("drill: " + line));
    }
  }

  @Test
  void what_is_lost_with_kafka_is_there_again_when_its_snapshot_is_restored(
      @TempDir Path elsewhere) {
    try (LiveOrders orders = LiveOrders.load(CLUSTER, "kept", "SHARDS=6", ROWS, SEED);
        SnapshotStore store = new DirectoryStore(elsewhere.resolve("snapshots"))) {
      orders.withTraffic().atWork();
      orders.mustBeWhole();
      long begun = System.nanoTime();
      CLUSTER.client().snapshots().create(orders.table(), store, "last", stored -> {});
      Duration taken = Duration.ofNanos(System.nanoTime() - begun);
      begun = System.nanoTime();
      CLUSTER.startAnew();
      Duration ready = Duration.ofNanos(System.nanoTime() - begun);
      Restore.Report report =
          new Restore(CLUSTER.client(), Snapshot.open(store, "last"), orders.table(), line -> {})
              .run(null, elsewhere.resolve("work"));
      Duration served = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(report).isEqualTo(new Restore.Report(report.rows(), report.rows(), 0, 256));
      System.out.printf(
          "drill: everything, Kafka and the registry too: snapshot taken in %d ms, another cluster"
              + " ready after %d ms, %d rows restored and compared after %d ms%n",
          taken.toMillis(), ready.toMillis(), report.rows(), served.toMillis());
      orders.withTraffic().atWork();
      orders.mustBeWhole();
    }
  }

  private static String drill(Loss loss, LiveOrders orders) {
    orders.watchGaps();
    loss.processes().forEach(JavaProcess::kill);
    loss.disks().forEach(Directories::fresh);
    long begun = System.nanoTime();
    loss.processes().forEach(JavaProcess::start);
    Duration ready = Duration.ofNanos(System.nanoTime() - begun);
    RowsAway.awaitBack(CLUSTER, orders);
    Duration served = Duration.ofNanos(System.nanoTime() - begun);
    return "%s: processes ready after %d ms, every row read again after %d ms; %s"
        .formatted(loss.what(), ready.toMillis(), served.toMillis(), orders.gaps());
  }
}
