package dev.shardstream.systemtests.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.PlannedReshard;
import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ReshardOperations;
import dev.shardstream.producer.api.ReshardOptions;
import dev.shardstream.producer.api.TableDescription;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.ShardFiles.Damage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators do to a reshard, under load, judged by the independent model. */
class ControlsIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final long SEED = 31;
  private static final int ROWS = 3_000;

  private Reshards reshards;
  private ReshardOperations controls;

  @BeforeEach
  void use_the_shared_client() {
    reshards = new Reshards(CLUSTER.client());
    controls = CLUSTER.client().reshards();
  }

  @Test
  void a_paused_reshard_copies_nothing_until_it_is_resumed_and_its_throttle_is_lifted() {
    try (LiveOrders orders = load("paused").withTraffic()) {
      ReshardInfo started = reshards.start("paused", 4, Reshards.SLOWLY);
      String id = started.changeLogId();
      reshards.awaitPhase(started, "copying");
      controls.pause(id);
      await("it is paused").atMost(Patience.ONE_STEP).until(() -> reshards.now(started).paused());
      awaitQuiet(started);
      assertThat(reshards.now(started).virtualShardsCopied()).isLessThan(256);

      controls.resume(id);
      reshards.hurry(started);

      reshards.completed(started);
      orders.mustBeWhole();
    }
  }

  /** The virtual shards in hand may still arrive, and their news a little later. */
  private void awaitQuiet(ReshardInfo started) {
    int[] last = {-1};
    await("nothing is copied for two seconds")
        .during(Duration.ofSeconds(2))
        .atMost(Patience.ONE_STEP)
        .until(
            () -> {
              int now = reshards.now(started).virtualShardsCopied();
              boolean quiet = now == last[0];
              last[0] = now;
              return quiet;
            });
  }

  @Test
  void a_cancelled_reshard_leaves_the_table_as_it_was_and_can_be_retried() {
    try (LiveOrders orders = load("cancelled").withTraffic()) {
      TableDescription before = CLUSTER.client().tables().describe("cancelled");
      ReshardInfo started = reshards.start("cancelled", 4, Reshards.SLOWLY);
      String id = started.changeLogId();
      reshards.awaitPhase(started, "copying");
      controls.cancel(id);
      controls.cancel(id);

      assertThat(reshards.ended(started).status()).isEqualTo("cancelled");
      assertThat(CLUSTER.client().tables().describe("cancelled")).isEqualTo(before);
      assertThatThrownBy(() -> controls.resume(id))
          .hasMessage(
              "Cannot resume reshard '%s': it was cancelled, and its table is as it was before:"
                      .formatted(id)
                  + " retry it");

      ReshardInfo again = controls.retry(id);
      reshards.hurry(again);
      assertThat(again.retryOf()).isEqualTo(id);
      assertThat(reshards.completed(again).targetShards()).isEqualTo(4);
      orders.mustBeWhole();
    }
  }

  @Test
  void a_reshard_is_rolled_back_at_once_after_its_switch_and_no_write_is_lost() {
    try (LiveOrders orders = load("rolled_back").withTraffic()) {
      ReshardInfo started =
          controls.start(
              "rolled_back", 5, ReshardOptions.CONFIGURED.withGrace(Duration.ofMinutes(10)));
      String id = started.changeLogId();
      reshards.awaitPhase(started, "switching");
      assertThat(reshards.shards("rolled_back")).isEqualTo(5);
      orders.awaitWrites();

      await("the sources are level with the log")
          .atMost(Patience.ONE_STEP)
          .ignoreExceptions()
          .until(() -> controls.rollback(id) != null);
      assertThat(reshards.shards("rolled_back")).isEqualTo(2);
      orders.awaitWrites();
      controls.complete(id);

      assertThat(reshards.ended(started).status()).isEqualTo("rolled_back");
      TableDescription after = CLUSTER.client().tables().describe("rolled_back");
      assertThat(after.epoch()).isEqualTo(3);
      assertThat(after.shards()).hasSize(2);
      orders.mustBeWhole();
    }
  }

  @Test
  void a_manual_cutover_waits_for_its_word_and_then_verifies_once_more() {
    try (LiveOrders orders = load("by_hand").withTraffic()) {
      ReshardInfo started =
          controls.start("by_hand", 3, ReshardOptions.CONFIGURED.withManualCutover());
      reshards.awaitHeld(started);
      assertThat(reshards.now(started).status()).isEqualTo("verifying");
      assertThat(reshards.shards("by_hand")).isEqualTo(2);

      controls.cutOver(started.changeLogId());

      reshards.completed(started);
      assertThat(reshards.shards("by_hand")).isEqualTo(3);
      orders.mustBeWhole();
    }
  }

  @Test
  void what_a_verify_finds_different_is_repaired_and_then_it_switches() throws SQLException {
    try (LiveOrders orders = load("repaired").withTraffic()) {
      ReshardInfo started =
          controls.start("repaired", 3, ReshardOptions.CONFIGURED.withRepair().withManualCutover());
      reshards.awaitHeld(started);
      ShardFiles targets = VerifyIT.pending(CLUSTER, "repaired");
      for (Damage damage : Damage.values()) {
        targets.damage(damage, orders.untouchedKey(damage.ordinal()));
      }
      controls.cutOver(started.changeLogId());

      ReshardInfo ended = reshards.completed(started);

      assertThat(ended.phaseMillis().keySet()).contains("copying", "replaying", "verifying");
      orders.mustBeWhole();
    }
  }

  @Test
  void explain_tells_the_plan_and_does_nothing() {
    try (LiveOrders orders = load("explained")) {
      TableDescription before = CLUSTER.client().tables().describe("explained");
      int reshardsBefore = controls.list().size();
      await("the nodes have reported the rows")
          .atMost(Patience.ONE_STEP)
          .until(() -> controls.explain("explained", 4).rows() == ROWS);

      PlannedReshard plan = controls.explain("explained", 4);

      assertThat(plan.targets())
          .extracting(PlannedReshard.Target::nodeId)
          .isEqualTo(List.of("node-1", "node-2", "node-1", "node-2"));
      assertThat(plan.targets().stream().mapToInt(PlannedReshard.Target::virtualShards).sum())
          .isEqualTo(256);
      assertThat(plan.nodes()).hasSize(2).allMatch(PlannedReshard.NodeNeed::fits);
      assertThat(CLUSTER.client().tables().describe("explained")).isEqualTo(before);
      assertThat(controls.list()).hasSize(reshardsBefore);
      orders.mustBeWhole();
    }
  }

  @Test
  void a_table_is_verified_against_its_log_and_a_planted_row_is_named() throws SQLException {
    try (LiveOrders orders = load("proved").withTraffic()) {
      ReshardInfo equal = verified("proved");
      assertThat(equal.status()).as("%s", equal).isEqualTo("complete");
      assertThat(equal.digestsCompared()).isEqualTo(256);
      TableDescription table = CLUSTER.client().tables().describe("proved");
      assertThat(table.epoch()).isEqualTo(1);
      assertThat(table.shards()).hasSize(2);
      orders.mustBeWhole();

      long key = orders.untouchedKey();
      ShardFiles.active(CLUSTER.cluster(), table).damage(Damage.ONE_VALUE, key);
      ReshardInfo different = verified("proved");
      assertThat(different.errorCode()).as("%s", different).isEqualTo("VERIFY_MISMATCH");
      assertThat(different.errorMessage()).endsWith("; keys (" + key + ")");
    }
  }

  private ReshardInfo verified(String table) {
    String id = CLUSTER.client().tables().verifyAgainstLog(table).changeLogId();
    return controls.await(String.valueOf(id), Patience.ONE_STEP);
  }

  private static LiveOrders load(String table) {
    return LiveOrders.load(CLUSTER, table, 2, ROWS, SEED);
  }
}
