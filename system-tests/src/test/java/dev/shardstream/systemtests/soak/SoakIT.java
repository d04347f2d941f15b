package dev.shardstream.systemtests.soak;

import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One table is resharded again and again while it is written and read, and while processes are
 * killed and frozen. After each reshard the table is compared with the independent model.
 *
 * <p>{@code ./mvnw -Psoak verify -Dsoak.minutes=120 -Dsoak.seed=1 -Dsoak.table='SHARDS=4,
 * REPLICAS=2' -Dsoak.rate=400}; the rate is in writes per second of each of two writers.
 */
@EnabledIfSystemProperty(named = "soak.minutes", matches = "[1-9]\\d*")
class SoakIT {
  private static final Duration NODE_TIMEOUT = Duration.ofSeconds(15);
  private static final int ROWS = 20_000;

  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          "soak",
          options ->
              options
                  .withNodes(3)
                  .withStreamsSettings(
                      Map.of(
                          "reshard.grace.ms",
                          "2000",
                          "node.timeout.ms",
                          Long.toString(NODE_TIMEOUT.toMillis()))));

  @Test
  void no_write_is_lost_doubled_or_changed() {
    Duration duration = Duration.ofMinutes(Long.getLong("soak.minutes"));
    long seed = Long.getLong("soak.seed", System.nanoTime());
    String options = System.getProperty("soak.table", "SHARDS=4");
    int rate = Integer.getInteger("soak.rate", 400);
    System.out.printf(
        "soak: minutes=%d seed=%d rows=%d table=%s rate=%d%n",
        duration.toMinutes(), seed, ROWS, options, rate);
    SoakReport report = new SoakReport();
    long end = System.nanoTime() + duration.toNanos();
    try (LiveOrders orders = LiveOrders.load(CLUSTER, "soaked", options, ROWS, seed)) {
      orders.atRate(rate);
      for (int round = 0; System.nanoTime() < end; round++) {
        SoakRound next = new SoakRound(CLUSTER, orders, seed + round, NODE_TIMEOUT.plusSeconds(10));
        report.add(next.run());
      }
    } finally {
      System.out.println("soak: " + report);
    }
  }
}
