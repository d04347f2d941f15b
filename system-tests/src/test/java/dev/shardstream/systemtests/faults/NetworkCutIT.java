package dev.shardstream.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.systemtests.cluster.NodeNetwork;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import dev.shardstream.systemtests.reshard.Reshards;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two workers that do not reach each other, though everybody reaches them and they reach Kafka. */
@EnabledIf(
    value = "dev.shardstream.systemtests.cluster.NodeNetwork#isPossible",
    disabledReason = "network namespaces and bridges need root and ip(8); the output says more")
class NetworkCutIT {
  @RegisterExtension
  @Order(1)
  static final NodeNetwork NETWORK = new NodeNetwork();

  @RegisterExtension
  @Order(2)
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          "network-cut",
          options ->
              options
                  .withSites(NETWORK.sites())
                  .withStreamsSettings(
                      Map.of(
                          "reshard.grace.ms",
                          "500",
                          "task.timeout.ms",
                          "4000",
                          "task.attempts",
                          "5"))
                  .withWorkerSettings(Map.of("copy.fetch.timeout.ms", "1000")));

  private static final long SEED = 61;
  private static final int ROWS = 3_000;

  private final Reshards reshards = new Reshards(CLUSTER.client());

  @AfterEach
  void the_network_is_whole() {
    NETWORK.mend();
  }

  @Test
  void a_reshard_waits_for_the_path_between_two_workers_and_completes() {
    try (LiveOrders orders =
        LiveOrders.load(CLUSTER, "waits", 2, ROWS, SEED).withTraffic().atWork()) {
      NETWORK.cut();
      orders.watchGaps();
      ReshardInfo started = reshards.start("waits", 3);
      reshards.awaitPhase(started, "copying");
      await("what has no way between the workers is not copied")
          .during(Duration.ofSeconds(1))
          .atMost(Patience.ONE_STEP)
          .until(() -> stillCopies(reshards.now(started)));

      NETWORK.mend();

      reshards.completed(started);
      System.out.println("path between two workers cut while copying: " + orders.gaps());
      orders.mustBeWhole();
    }
  }

  @Test
  void a_reshard_fails_when_the_path_stays_cut_and_another_one_completes() {
    try (LiveOrders orders =
        LiveOrders.load(CLUSTER, "fails", 2, ROWS, SEED).withTraffic().atWork()) {
      NETWORK.cut();
      orders.watchGaps();
      ReshardInfo failed = reshards.ended(reshards.start("fails", 3));
      assertThat(failed.status()).as("%s", failed).isEqualTo("failed");
      assertThat(failed.errorCode()).isEqualTo("TASK_FAILED");
      assertThat(failed.errorMessage()).contains("node-");
      assertThat(reshards.shards("fails")).isEqualTo(2);
      System.out.println("path between two workers cut until a reshard failed: " + orders.gaps());

      NETWORK.mend();

      reshards.completed(CLUSTER.client().reshards().retry(failed.changeLogId()));
      orders.mustBeWhole();
    }
  }

  private static boolean stillCopies(ReshardInfo reshard) {
    return reshard.status().equals("copying") && reshard.virtualShardsCopied() < 256;
  }
}
