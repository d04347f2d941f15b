package dev.shardstream.systemtests.recovery;

import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.WorkerProcess;
import dev.shardstream.systemtests.cluster.Directories;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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

  /** What a reader may meet while the rows are not there. */
  private static final Set<ErrorCode> AWAY =
      EnumSet.of(
          ErrorCode.SHARD_UNREACHABLE,
          ErrorCode.SHARD_FAILED,
          ErrorCode.READ_TOO_STALE,
          ErrorCode.STALE_TOPOLOGY,
          ErrorCode.KAFKA_UNREACHABLE);

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
        orders.withTraffic(DrillIT::isAway).atWork();
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
    awaitServed(orders);
    Duration served = Duration.ofNanos(System.nanoTime() - begun);
    return "%s: processes ready after %d ms, every row read again after %d ms; %s"
        .formatted(loss.what(), ready.toMillis(), served.toMillis(), orders.gaps());
  }

  private static void awaitServed(LiveOrders orders) {
    await("all rows are read again")
        .atMost(Patience.MANY_STEPS)
        .ignoreExceptionsMatching(DrillIT::isAway)
        .until(
            () ->
                !CLUSTER
                    .client()
                    .execute("SELECT count(*) FROM " + orders.table())
                    .rows()
                    .isEmpty());
    orders.awaitServed();
  }

  private static boolean isAway(Throwable failure) {
    return failure instanceof ShardstreamException known && AWAY.contains(known.code());
  }
}
