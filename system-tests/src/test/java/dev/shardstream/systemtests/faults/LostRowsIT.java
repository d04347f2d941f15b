package dev.shardstream.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.TableDescription.ShardInfo;
import dev.shardstream.standalone.process.WorkerProcess;
import dev.shardstream.systemtests.cluster.Directories;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.recovery.RowsAway;
import dev.shardstream.systemtests.reshard.LiveOrders;
import dev.shardstream.systemtests.reshard.Reshards;
import dev.shardstream.systemtests.reshard.ShardFiles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rows that a disk or a node has taken along, of tables without replicas: what is left of them is
 * their log. Part of the drill: {@code ./mvnw -Pdrill verify}.
 */
@EnabledIfSystemProperty(named = "shardstream.drill", matches = "true")
class LostRowsIT {
  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          "lost-rows",
          options ->
              options.withStreamsSettings(
                  Map.of(
                      "node.timeout.ms", "12000",
                      "task.timeout.ms", "8000",
                      "shard.rebuild.ms", "15000")));

  private static final long SEED = 31;
  private static final int ROWS = 4_000;

  @Test
  void a_worker_with_an_empty_disk_makes_its_shards_anew_from_their_logs() {
    WorkerProcess empty = CLUSTER.cluster().worker(1);
    try (LiveOrders orders = load("empty_disk")) {
      orders.watchGaps();
      empty.kill();
      Directories.fresh(empty.dataDirectory());
      empty.start();

      RowsAway.awaitBack(CLUSTER, orders);
      System.out.println("worker with an empty disk: " + orders.gaps());
      // One that is started slowly may find that another node has begun to make its rows.
      await("each row has one shard")
          .atMost(Patience.MANY_STEPS)
          .until(() -> shards("empty_disk").size() == 2);
      CLUSTER.awaitHeard();
      orders.mustBeWhole();
    }
  }

  @Test
  void rows_of_a_node_that_is_gone_for_good_are_made_anew_on_another_one() {
    WorkerProcess gone = CLUSTER.cluster().worker(2);
    try (LiveOrders orders = load("gone_for_good")) {
      ShardFiles files =
          ShardFiles.active(CLUSTER.cluster(), CLUSTER.client().tables().describe("gone_for_good"));
      orders.watchGaps();
      gone.kill();
      awaitAllOnNode1("gone_for_good");
      RowsAway.awaitBack(CLUSTER, orders);
      System.out.println("only node of some rows gone for good: " + orders.gaps());

      gone.start();
      await("what came back is dropped, not served")
          .atMost(Patience.MANY_STEPS)
          .until(() -> files.areGoneFrom(gone));
      CLUSTER.awaitHeard();
      orders.mustBeWhole();
    }
  }

  @Test
  void a_reshard_whose_source_node_is_gone_for_good_fails_and_a_retry_completes_without_it() {
    WorkerProcess gone = CLUSTER.cluster().worker(2);
    Reshards reshards = new Reshards(CLUSTER.client());
    try (LiveOrders orders = load("gone_source")) {
      ReshardInfo started = reshards.start("gone_source", 3, Reshards.SLOWLY);
      reshards.awaitPhase(started, "copying");
      orders.watchGaps();
      gone.kill();

      ReshardInfo failed = reshards.ended(started);
      assertThat(failed.status()).as("%s", failed).isEqualTo("failed");
      assertThat(failed.errorCode()).isEqualTo("NODE_LOST");
      awaitAllOnNode1("gone_source");
      RowsAway.awaitBack(CLUSTER, orders);
      System.out.println("source of a reshard gone for good: " + orders.gaps());
      reshards.complete("gone_source", 3);

      gone.start();
      CLUSTER.awaitHeard();
      orders.mustBeWhole();
    }
  }

  private static void awaitAllOnNode1(String table) {
    await("every shard of " + table + " is on the node that is left")
        .atMost(Patience.MANY_STEPS)
        .until(
            () -> shards(table).stream().map(ShardInfo::nodeId).toList(),
            List.of("node-1", "node-1")::equals);
  }

  private static LiveOrders load(String table) {
    LiveOrders orders = LiveOrders.load(CLUSTER, table, 2, ROWS, SEED);
    assertThat(shards(table)).extracting(ShardInfo::nodeId).containsExactly("node-1", "node-2");
    haveAHistory(table);
    return orders.withTraffic(RowsAway::isMeant).atWork();
  }

  /** Its log tells of a rule about a column that the table has lost with the rule. */
  private static void haveAHistory(String table) {
    CLUSTER.client().execute("ALTER TABLE " + table + " ADD COLUMN extra TEXT");
    CLUSTER
        .client()
        .execute("CREATE UNIQUE INDEX %s_extra ON %s (o_orderkey, extra)".formatted(table, table));
    CLUSTER.client().execute("ALTER TABLE " + table + " DROP COLUMN extra CASCADE");
  }

  private static List<ShardInfo> shards(String table) {
    return CLUSTER.client().tables().describe(table).shards();
  }
}
