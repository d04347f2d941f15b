package dev.shardstream.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.TableDescription.ShardInfo;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.standalone.process.WorkerProcess;
import dev.shardstream.systemtests.cluster.HeldProcess;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.LiveOrders;
import dev.shardstream.systemtests.reshard.Reshards;
import dev.shardstream.systemtests.reshard.ShardFiles;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Processes that are away for long, or for ever, while a reshard runs under load. Every table has
 * its two shards on the nodes 1 and 2; node 3 is only ever a target.
 */
class FaultsIT {
  /** Longer than a machine with much else to do keeps a node from sending heartbeats. */
  private static final Duration NODE_TIMEOUT = Duration.ofSeconds(12);

  private static final Duration TASK_TIMEOUT = Duration.ofSeconds(8);

  /** Only a node that is lost already is given up as a holder. */
  private static final Duration REBUILD = Duration.ofSeconds(15);

  @RegisterExtension
  static final RunningCluster CLUSTER =
      RunningCluster.own(
          "faults",
          options ->
              options
                  .withStreams(2)
                  .withNodes(3)
                  .withStreamsSettings(
                      Map.of(
                          "node.timeout.ms",
                          Long.toString(NODE_TIMEOUT.toMillis()),
                          "task.timeout.ms",
                          Long.toString(TASK_TIMEOUT.toMillis()),
                          "replica.rebuild.ms",
                          Long.toString(REBUILD.toMillis()),
                          "reshard.grace.ms",
                          "1000")));

  private static final long SEED = 21;
  private static final int ROWS = 4_000;

  /** What a reader may meet while a process that it needs is away. */
  private static final Set<ErrorCode> AWAY =
      EnumSet.of(
          ErrorCode.SHARD_UNREACHABLE,
          ErrorCode.READ_TOO_STALE,
          ErrorCode.STALE_TOPOLOGY,
          ErrorCode.KAFKA_UNREACHABLE);

  private final Reshards reshards = new Reshards(CLUSTER.client());

  @Test
  void a_target_node_gone_for_good_fails_the_reshard_and_a_retry_goes_elsewhere() {
    JavaProcess gone = CLUSTER.cluster().worker(3);
    // Its only shards are targets, so no reader may notice.
    try (LiveOrders orders = load("gone_target").withTraffic().atWork()) {
      ReshardInfo started = reshards.start("gone_target", 6, Reshards.SLOWLY);
      reshards.awaitPhase(started, "copying");
      orders.watchGaps();
      gone.kill();

      mustHaveFailed(reshards.ended(started), "Node 'node-3' has sent no heartbeat for ");
      assertThat(reshards.shards("gone_target")).isEqualTo(2);
      reshards.complete("gone_target", 6);
      print("target node gone for good", orders);
      gone.launch();
      orders.mustBeWhole();
      gone.awaitReady();
      CLUSTER.awaitHeard();
    }
  }

  @Test
  void a_source_node_gone_for_a_while_fails_the_reshard_and_its_rows_are_there_again() {
    JavaProcess gone = CLUSTER.cluster().worker(1);
    try (LiveOrders orders = load("gone_source").withTraffic(FaultsIT::isAway).atWork()) {
      ReshardInfo started = reshards.start("gone_source", 3, Reshards.SLOWLY);
      reshards.awaitPhase(started, "copying");
      orders.watchGaps();
      gone.kill();

      mustHaveFailed(reshards.ended(started), "Node 'node-1' has sent no heartbeat for ");
      orders.awaitWrites();
      gone.start();
      orders.awaitServed();
      print("source node gone until the reshard had failed", orders);
      CLUSTER.awaitHeard();
      reshards.complete("gone_source", 3);
      orders.mustBeWhole();
    }
  }

  @Test
  void a_worker_frozen_past_its_heartbeat_comes_back_and_owns_nothing_it_should_not() {
    WorkerProcess frozen = CLUSTER.cluster().worker(3);
    try (LiveOrders orders = load("frozen").withTraffic().atWork()) {
      ReshardInfo started = reshards.start("frozen", 6, Reshards.SLOWLY);
      reshards.awaitPhase(started, "copying");
      ShardFiles targets =
          ShardFiles.pending(CLUSTER.cluster(), CLUSTER.client().tables().describe("frozen"));
      orders.watchGaps();
      ReshardInfo failed =
          HeldProcess.during(
              frozen,
              () -> {
                ReshardInfo ended = reshards.ended(started);
                reshards.complete("frozen", 4);
                return ended;
              });

      mustHaveFailed(failed, "Node 'node-3' has sent no heartbeat for ");
      await("what woke up is dropped, not served")
          .atMost(Patience.ONE_STEP)
          .until(() -> targets.areGoneFrom(frozen));
      print("worker frozen past its heartbeat", orders);
      CLUSTER.awaitHeard();
      orders.mustBeWhole();
    }
  }

  @Test
  void a_node_of_a_replicated_table_gone_for_good_costs_no_read_and_its_replicas_are_made_anew() {
    String table = "replicated";
    JavaProcess gone = CLUSTER.cluster().worker(1);
    try (LiveOrders orders =
        LiveOrders.load(CLUSTER, table, "SHARDS=2, REPLICAS=2", ROWS, SEED)
            .withTraffic()
            .atWork()) {
      assertThat(holders(table)).hasSize(4).contains("node-1");
      orders.watchGaps();
      gone.kill();
      await("its shards have an owner and a replica on the other nodes")
          .atMost(Patience.ONE_STEP)
          .until(() -> holders(table), List.of("node-2", "node-2", "node-3", "node-3")::equals);
      print("node of a replicated table gone for good", orders);
      mustBeAlike(table);

      gone.start();
      CLUSTER.awaitHeard();
      CLUSTER.client().execute("ALTER TABLE replicated SET REPLICAS 3");
      await("every node has every row")
          .atMost(Patience.ONE_STEP)
          .until(() -> holders(table).size() == 6);
      mustBeAlike(table);
      CLUSTER.client().execute("ALTER TABLE replicated SET REPLICAS 1");
      await("what is too many is gone")
          .atMost(Patience.ONE_STEP)
          .until(() -> holders(table).size() == 2);
      orders.mustBeWhole();
    }
  }

  /** The nodes of the table's shards, whatever these are to it. */
  private static List<String> holders(String table) {
    return CLUSTER.client().tables().describe(table).shards().stream()
        .map(ShardInfo::nodeId)
        .sorted()
        .toList();
  }

  /** Each replica has the rows of its owner, at one position of the log. */
  private static void mustBeAlike(String table) {
    String id = String.valueOf(CLUSTER.client().tables().verify(table).changeLogId());
    ReshardInfo verified = CLUSTER.client().reshards().await(id, Patience.ONE_STEP);
    assertThat(verified.status()).as("%s", verified).isEqualTo("complete");
    assertThat(verified.digestsCompared()).isPositive();
  }

  /** One of both decides for this database; after both were killed in turn, it was among them. */
  @Test
  void another_control_plane_takes_over_from_one_that_is_killed() {
    try (LiveOrders orders = load("taken_over").withTraffic().atWork()) {
      for (JavaProcess killed : CLUSTER.cluster().controlPlanes()) {
        ReshardInfo started = reshards.start("taken_over", 3, Reshards.SLOWLY);
        reshards.awaitPhase(started, "copying");
        orders.watchGaps();
        killed.kill();
        long killedAt = System.currentTimeMillis();
        ReshardInfo next =
            await("a step after the kill")
                .atMost(Patience.ONE_STEP)
                .until(() -> reshards.now(started), now -> now.updatedAt() > killedAt);
        long silent = next.updatedAt() - killedAt;
        print(
            "%s killed, the next step of the reshard after %d ms".formatted(killed.name(), silent),
            orders);

        reshards.hurry(started);
        killed.launch();
        reshards.completed(started);
        killed.awaitReady();
      }
      CLUSTER.awaitHeard();
      orders.mustBeWhole();
    }
  }

  private static void print(String fault, LiveOrders orders) {
    System.out.println(fault + ": " + orders.gaps());
  }

  private static LiveOrders load(String table) {
    LiveOrders orders = LiveOrders.load(CLUSTER, table, 2, ROWS, SEED);
    assertThat(CLUSTER.client().tables().describe(table).shards())
        .extracting(shard -> shard.nodeId())
        .containsExactly("node-1", "node-2");
    return orders;
  }

  private static boolean isAway(RuntimeException failure) {
    return failure instanceof ShardstreamException known && AWAY.contains(known.code());
  }

  private static void mustHaveFailed(ReshardInfo ended, String why) {
    assertThat(ended.status()).as("%s", ended).isEqualTo("failed");
    assertThat(ended.errorCode()).isEqualTo("NODE_LOST");
    assertThat(ended.errorMessage()).startsWith(why);
  }
}
