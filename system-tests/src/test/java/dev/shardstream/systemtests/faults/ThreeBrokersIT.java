package dev.shardstream.systemtests.faults;

import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import dev.shardstream.systemtests.reshard.Reshards;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A broker of three is lost: every partition has two more copies. Eight processes are too many for
 * the ordinary build; {@code ./mvnw -Psoak verify -Dsoak.minutes=1} runs it.
 */
@EnabledIfSystemProperty(named = "soak.minutes", matches = "[1-9]\\d*")
class ThreeBrokersIT {
  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          "three-brokers",
          options ->
              options.withBrokers(3).withStreamsSettings(Map.of("reshard.grace.ms", "1000")));

  private static final long SEED = 51;
  private static final int ROWS = 4_000;

  @Test
  void a_reshard_completes_and_writers_go_on_while_one_broker_of_three_is_away() {
    Reshards reshards = new Reshards(CLUSTER.client());
    JavaProcess lost = CLUSTER.cluster().brokers().get(1);
    try (LiveOrders orders =
        LiveOrders.load(CLUSTER, "orders", 2, ROWS, SEED).withTraffic().atWork()) {
      ReshardInfo started = reshards.start("orders", 5);
      reshards.awaitPhase(started, "copying");
      orders.watchGaps();
      lost.kill();

      long acknowledged = orders.acknowledged();
      await("writers go on")
          .atMost(Patience.ONE_STEP)
          .until(() -> orders.acknowledged() > acknowledged + 500);
      reshards.completed(started);
      reshards.complete("orders", 2);
      System.out.println("one broker of three lost: " + orders.gaps());
      lost.start();
      orders.mustBeWhole();
    }
  }
}
