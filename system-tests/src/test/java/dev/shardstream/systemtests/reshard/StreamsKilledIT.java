package dev.shardstream.systemtests.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.standalone.process.StreamsProcess;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The control plane dies by SIGKILL in the middle of a reshard and comes back. */
class StreamsKilledIT {
  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own("streams-killed", UnaryOperator.identity());

  private static final long SEED = 11;
  private static final int ROWS = 12_000;

  @ParameterizedTest(name = "killed while {0}")
  @ValueSource(strings = {"verifying", "switching"})
  void the_reshard_completes_and_nothing_is_lost(String phase) {
    Reshards reshards = new Reshards(CLUSTER.client());
    StreamsProcess streams = CLUSTER.cluster().streams();
    try (LiveOrders orders = LiveOrders.load(CLUSTER, phase, 2, ROWS, SEED).withTraffic()) {
      ReshardInfo started = reshards.start(phase, 4);
      reshards.awaitPhase(started, phase);

      streams.kill();
      assertThat(reshards.now(started).status()).isEqualTo(phase);
      streams.start();

      reshards.completed(started);
      assertThat(reshards.shards(phase)).isEqualTo(4);
      orders.mustBeWhole();
    }
  }
}
