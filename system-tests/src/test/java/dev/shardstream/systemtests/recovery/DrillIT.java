package dev.shardstream.systemtests.recovery;

import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.WorkerProcess;
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

/**
 * The drill: under load one disk after the other is destroyed, up to all of them but Kafka's and
 * the registry's, and what was there is there again when the processes are started.
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
