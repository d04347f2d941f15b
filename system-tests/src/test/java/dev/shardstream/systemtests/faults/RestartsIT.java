package dev.shardstream.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ShardStats;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A rolling upgrade, in the order and by the steps of docs/operations.md: every process of a
 * cluster is ended by SIGTERM and started again, one after another, under traffic. It takes
 * minutes; {@code ./mvnw -Psoak verify -Dsoak.minutes=1} runs it.
 */
@EnabledIfSystemProperty(named = "soak.minutes", matches = "[1-9]\\d*")
class RestartsIT {
  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          "restarts",
          options ->
              options
                  .withStreams(2)
                  .withNodes(3)
                  .withStreamsSettings(Map.of("reshard.grace.ms", "1000")));

  private static final long SEED = 61;
  private static final int ROWS = 4_000;

  /** For one process: it ends, is started, and has applied what was written meanwhile. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Shardstream client = CLUSTER.client();

  @Test
  void each_process_is_restarted_in_turn_and_no_write_is_lost_and_no_read_fails() {
    List<JavaProcess> inOrder = new ArrayList<>(CLUSTER.cluster().workers());
    inOrder.addAll(CLUSTER.cluster().controlPlanes());
    assertThat(inOrder).hasSize(5);
    try (LiveOrders orders =
        LiveOrders.load(CLUSTER, "orders", "SHARDS=3, REPLICAS=2", ROWS, SEED)
            .withTraffic()
            .atWork()) {
      awaitLevel(System.currentTimeMillis());
      for (JavaProcess process : inOrder) {
        restart(process, orders);
      }
      client.execute("COMMENT ON TABLE orders IS 'upgraded'");
      orders.mustBeWhole();
    }
  }

  private void restart(JavaProcess process, LiveOrders orders) {
    orders.watchGaps();
    long begin = System.nanoTime();
    assertThat(process.stop())
        .as("end of %s", process.name())
        .contains(JavaProcess.Ending.IN_ORDER);
    Duration ended = since(begin);
    process.start();
    Duration ready = since(begin);
    awaitLevel(System.currentTimeMillis());
    Duration level = since(begin);
    orders.awaitServed();
    System.out.println(
        "restart of %s: ended after %d ms, ready after %d ms, no shard behind after %d ms: %s"
            .formatted(
                process.name(),
                ended.toMillis(),
                ready.toMillis(),
                level.toMillis(),
                orders.gaps()));
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  /**
   * What an operator waits for before the next one: every copy of every shard applies its log.
   *
   * @param after what nodes said before does not count, milliseconds since the epoch
   */
  private void awaitLevel(long after) {
    await("no shard is behind")
        .atMost(LIMIT)
        .until(
            () -> {
              List<ShardStats> shards = client.tables().getStats("orders");
              return shards.size() == 6
                  && shards.stream().allMatch(RestartsIT::isLevel)
                  && client.nodes().list().stream().allMatch(node -> node.heartbeatAt() > after);
            });
  }

  /** Writers do not rest, so there is always a little to be applied. */
  private static boolean isLevel(ShardStats shard) {
    return "applying".equals(shard.state())
        && shard.error() == null
        && shard.lag() != null
        && shard.lag() < 1_000;
  }
}
