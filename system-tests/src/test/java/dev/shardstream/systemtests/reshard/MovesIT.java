package dev.shardstream.systemtests.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.CommandReceipt;
import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shards change their nodes while their tables are written and read. */
class MovesIT {
  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          "moves", options -> options.withStreamsSettings(Map.of("reshard.grace.ms", "1000")));

  private static final long SEED = 41;

  @Test
  void a_fresh_node_is_used_by_rebalance_and_a_drained_one_can_be_removed() {
    Shardstream client = CLUSTER.client();
    Reshards reshards = new Reshards(client);
    try (LiveOrders orders = LiveOrders.load(CLUSTER, "orders", 4, 4_000, SEED).withTraffic();
        LiveOrders others = LiveOrders.load(CLUSTER, "others", 2, 1_000, SEED + 1)) {
      CommandReceipt moved = client.tables().moveShard("orders", 0, "node-2");
      ReshardInfo move =
          client.reshards().await(String.valueOf(moved.changeLogId()), Patience.MANY_STEPS);
      assertThat(move.status()).as("%s", move).isEqualTo("complete");
      assertThat(move.purpose()).isEqualTo("move");
      assertThat(shardsByNode("orders")).isEqualTo(Map.of("node-1", 1L, "node-2", 3L));

      CLUSTER.cluster().addWorker();
      CLUSTER.awaitHeard();
      applied(client.tables().rebalance());
      assertThat(shardsByNode("orders").values()).containsExactlyInAnyOrder(1L, 1L, 2L);
      assertThat(total(shardsByNode("orders"), shardsByNode("others")).values()).containsOnly(2L);

      applied(client.nodes().drain("node-1"));
      assertThat(shardsByNode("orders")).doesNotContainKey("node-1");
      assertThat(shardsByNode("others")).doesNotContainKey("node-1");
      CLUSTER.cluster().worker(1).kill();
      reshards.complete("orders", 5);
      orders.mustBeWhole();
      others.mustBeWhole();
    }
  }

  private static void applied(CommandReceipt receipt) {
    await("command " + receipt)
        .atMost(Patience.MANY_STEPS)
        .until(
            () ->
                CLUSTER.client().execute("SHOW DDL '" + receipt.commandId() + "'").rows().stream()
                    .anyMatch(row -> row.contains("applied")));
  }

  private static Map<String, Long> shardsByNode(String table) {
    return CLUSTER.client().tables().describe(table).shards().stream()
        .filter(shard -> shard.status().equals("active"))
        .collect(
            Collectors.groupingBy(shard -> shard.nodeId(), TreeMap::new, Collectors.counting()));
  }

  private static Map<String, Long> total(Map<String, Long> left, Map<String, Long> right) {
    Map<String, Long> sum = new TreeMap<>(left);
    right.forEach((node, count) -> sum.merge(node, count, Long::sum));
    return sum;
  }
}
