package dev.shardstream.systemtests.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.standalone.process.WorkerProcess;
import dev.shardstream.systemtests.cluster.HeldProcess;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker dies by SIGKILL in the middle of a reshard and comes back: the reshard completes. */
class WorkerKilledIT {
  /** Targets must be level with the log, which they never are while there is traffic. */
  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          "worker-killed",
          options -> options.withStreamsSettings(Map.of("reshard.lag.bound", "0")));

  private static final long SEED = 7;
  private static final int ROWS = 12_000;

  private Reshards reshards;

  @BeforeEach
  void use_the_client() {
    reshards = new Reshards(CLUSTER.client());
  }

  @Test
  void killed_while_copying() {
    WorkerProcess killed = CLUSTER.cluster().worker(1);
    try (LiveOrders orders = LiveOrders.load(CLUSTER, "copying", 2, ROWS, SEED).withTraffic()) {
      awaitTraffic(orders);
      ReshardInfo started = reshards.start("copying", 4);
      reshards.awaitPhase(started, "copying");
      // The other node gives no slices now, so this one is in the middle of its copies.
      ReshardInfo atDeath =
          HeldProcess.during(
              CLUSTER.cluster().worker(2),
              () -> {
                killed.kill();
                return reshards.now(started);
              });
      assertThat(atDeath.status()).isEqualTo("copying");
      assertThat(atDeath.virtualShardsCopied()).isLessThan(256);

      killed.start();

      orders.stopTraffic();
      ReshardInfo ended = reshards.completed(started);
      assertThat(ended.targetShards()).isEqualTo(4);
      orders.mustBeWhole();
    }
  }

  @Test
  void killed_while_replaying() {
    WorkerProcess killed = CLUSTER.cluster().worker(2);
    try (LiveOrders orders = LiveOrders.load(CLUSTER, "replaying", 3, ROWS, SEED).withTraffic()) {
      awaitTraffic(orders);
      ReshardInfo started = reshards.start("replaying", 5);
      reshards.awaitPhase(started, "replaying");

      killed.kill();
      assertThat(reshards.now(started).status()).isEqualTo("replaying");
      long acknowledged = orders.acknowledged();
      await("writers go on while a node is dead")
          .atMost(Duration.ofSeconds(10))
          .until(() -> orders.acknowledged() > acknowledged + 100);
      killed.start();

      orders.stopTraffic();
      reshards.completed(started);
      assertThat(reshards.shards("replaying")).isEqualTo(5);
      orders.mustBeWhole();
    }
  }

  private static void awaitTraffic(LiveOrders orders) {
    await("writers and readers are at work")
        .atMost(Duration.ofSeconds(30))
        .until(() -> orders.acknowledged() > 200 && orders.reads() > 20);
  }
}
