package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.PlannedTarget;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.event.VerifyTable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shards with replicas that are moved, planned and verified. */
class ReplicaMovesTest {
  private static final String TABLE = Scenario.TABLE;

  private static final ReshardOptions LONG_GRACE = new ReshardOptions(null, 600_000L, false, false);

  private final Scenario scenario = new Scenario("a", "b", "c");

  private void create(int shards, int replicas) {
    scenario.create(shards, replicas, 1_000);
  }

  @Test
  void a_replica_that_is_moved_is_copied_from_its_owner_and_stays_a_replica() {
    create(2, 2);
    scenario.send(Commands.of("c2", new MoveShard("orders", 2, "c", null)));
    scenario.run(20_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.shards())
        .containsExactly("0 owner on a", "1 owner on b", "3 replica on c", "4 replica on c");
    assertThat(scenario.copies("shop-r1").get(4).getSources())
        .extracting(CopySource::getShardId)
        .containsExactly(0);
  }

  @Test
  void an_owner_that_is_moved_stays_an_owner() {
    create(2, 2);
    scenario.send(Commands.of("c2", new MoveShard("orders", 0, "c", null)));
    scenario.run(20_000);

    assertThat(scenario.shards())
        .containsExactly("1 owner on b", "2 replica on b", "3 replica on c", "4 owner on c");
  }

  @Test
  void an_owner_whose_move_is_rolled_back_after_a_promotion_comes_back_as_a_replica() {
    create(1, 2);
    scenario.send(Commands.of("c2", new MoveShard("orders", 0, "c", LONG_GRACE)));
    scenario.run(3_000);
    assertThat(scenario.shards())
        .containsExactly("0 owner on a to_be_deleted", "1 replica on b", "2 owner on c");
    scenario.nodes().kill("c");
    scenario.run(40_000);
    assertThat(scenario.shards())
        .containsExactly("0 owner on a to_be_deleted", "1 owner on b", "2 replica on c");

    scenario.send(Commands.control("c3", "shop-r1", ReshardVerb.ROLLBACK));
    assertThat(scenario.shards())
        .containsExactly("0 replica on a", "1 owner on b", "2 replica on c to_be_deleted");
  }

  @Test
  void a_replica_that_was_promoted_hands_its_role_back_when_its_move_is_rolled_back() {
    create(1, 2);
    scenario.send(Commands.of("c2", new MoveShard("orders", 1, "c", LONG_GRACE)));
    scenario.run(3_000);
    scenario.nodes().kill("a");
    scenario.run(40_000);
    assertThat(scenario.shards())
        .containsExactly("0 replica on a", "1 replica on b to_be_deleted", "2 owner on c");

    scenario.send(Commands.control("c3", "shop-r1", ReshardVerb.ROLLBACK));
    assertThat(scenario.shards())
        .containsExactly("0 replica on a", "1 owner on b", "2 owner on c to_be_deleted");
  }

  @Test
  void a_shard_is_not_moved_to_a_node_that_holds_its_rows() {
    create(2, 2);
    scenario.send(Commands.of("c2", new MoveShard("orders", 0, "b", null)));

    assertThat(scenario.results("c2")).containsExactly("REJECTED NODE_NOT_PLACEABLE");
    assertThat(scenario.message("c2"))
        .isEqualTo("Node 'b' takes no shards: shard 2 with the same rows is on it");
  }

  @Test
  void a_drained_node_loses_owners_and_replicas_to_nodes_that_do_not_hold_their_rows() {
    create(3, 2);
    scenario.send(Commands.of("c2", new DrainNode("a")));
    scenario.run(60_000);

    assertThat(scenario.results("c2")).last().isEqualTo("APPLIED");
    assertThat(scenario.shards())
        .containsExactly(
            "1 owner on b",
            "2 owner on c",
            "3 replica on b",
            "4 replica on c",
            "6 owner on c",
            "7 replica on b");
  }

  @Test
  void a_drain_waits_where_every_other_node_holds_the_rows() {
    create(1, 3);
    scenario.send(Commands.of("c2", new DrainNode("a")));
    scenario.run(10_000);
    assertThat(scenario.message("c2"))
        .isEqualTo(
            "1 shard is still on node 'a'; waits for another node that takes shards and has none of"
                + " the rows of shard 0 of table 'orders'");

    scenario.nodes().add("d");
    scenario.run(30_000);
    assertThat(scenario.results("c2")).last().isEqualTo("APPLIED");
    assertThat(scenario.shards())
        .containsExactly("1 replica on b", "2 replica on c", "3 owner on d");
  }

  @Test
  void a_new_node_gets_its_share_of_owners_and_replicas() {
    create(4, 2);
    scenario.nodes().add("d");
    scenario.run(1_000);
    scenario.send(Commands.of("c2", new Rebalance("orders", false)));
    scenario.run(120_000);

    assertThat(scenario.results("c2")).last().isEqualTo("APPLIED");
    assertThat(
            List.of("a", "b", "c", "d").stream()
                .map(n -> scenario.shards().stream().filter(s -> s.endsWith(" on " + n)).count()))
        .containsExactly(2L, 2L, 2L, 2L);
  }

  @Test
  void a_rebalance_spreads_owners_by_roles_alone_where_nothing_has_to_move() {
    create(4, 3);
    scenario.nodes().kill("a");
    scenario.run(31_000);
    scenario.nodes().restart("a");
    scenario.run(2_000);
    assertThat(scenario.shards().subList(0, 4))
        .containsExactly("0 replica on a", "1 owner on b", "2 owner on c", "3 replica on a");
    int epoch = scenario.topology().getEpoch();
    scenario.send(Commands.of("c2", new Rebalance("orders", false)));
    scenario.run(5_000);

    assertThat(scenario.results("c2")).containsExactly("APPLIED");
    assertThat(scenario.topology().getEpoch()).isEqualTo(epoch + 1);
    assertThat(
            List.of("a", "b", "c").stream()
                .map(
                    n ->
                        scenario.shards().stream()
                            .filter(s -> s.endsWith("owner on " + n))
                            .count()))
        .containsExactlyInAnyOrder(1L, 1L, 2L);
    assertThat(scenario.shards()).hasSize(12);
  }

  @Test
  void a_plan_names_what_owners_and_what_replicas_take() {
    create(1, 2);
    scenario.nodes().size(256, 2_560);
    scenario.run(1_000);
    scenario.send(Commands.explain("c2", "orders", 2, null));

    assertThat(scenario.state().result("c2").orElseThrow().getPlan().getTargets())
        .containsExactly(
            new PlannedTarget(2, "a", 128, 128L, 1_280L, 128L, ShardRole.OWNER),
            new PlannedTarget(3, "b", 128, 128L, 1_280L, 0L, ShardRole.OWNER),
            new PlannedTarget(4, "b", 128, 128L, 1_280L, 0L, ShardRole.REPLICA),
            new PlannedTarget(5, "c", 128, 128L, 1_280L, 0L, ShardRole.REPLICA));
  }

  @Test
  void a_reshard_is_refused_when_nodes_are_missing_for_its_replicas() {
    create(1, 3);
    scenario.nodes().kill("c");
    scenario.run(31_000);
    scenario.send(Commands.reshard("c2", "orders", 2));

    assertThat(scenario.message("c2"))
        .isEqualTo(
            "Table 'orders' cannot have each row on 3 nodes: 2 take shards. Add nodes, or set fewer"
                + " replicas");
  }

  @Test
  void a_switch_is_completed_while_some_holder_of_each_row_serves() {
    create(1, 2);
    scenario.send(Commands.reshard("c2", "orders", 1));
    scenario.run(3_000);
    assertThat(scenario.status("shop-r1")).isEqualTo(ReshardStatus.SWITCHING);
    scenario.nodes().kill("a");
    scenario.run(40_000);

    assertThat(scenario.status("shop-r1")).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.shards()).containsExactly("2 replica on a", "3 owner on b");
  }

  @Test
  void an_owner_that_is_lost_after_the_switch_gives_way_to_its_replica() {
    create(1, 2);
    scenario.send(
        Commands.reshard("c2", "orders", 1, new ReshardOptions(null, 600_000L, false, false)));
    scenario.run(3_000);
    scenario.nodes().kill("a");
    scenario.run(40_000);

    assertThat(scenario.status("shop-r1")).isEqualTo(ReshardStatus.SWITCHING);
    assertThat(scenario.shards())
        .containsExactly(
            "0 owner on a to_be_deleted",
            "1 replica on b to_be_deleted",
            "2 replica on a",
            "3 owner on b");
  }

  @Test
  void replicas_are_verified_where_they_are() {
    create(2, 2);
    Topology before = scenario.topology();
    scenario.send(Commands.of("c2", new VerifyTable("orders", null, false)));
    scenario.run(5_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.status("shop-r1")).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.reshard("shop-r1").getSourceShards()).containsExactly(0, 1);
    assertThat(scenario.reshard("shop-r1").getTargetShards()).containsExactly(2, 3);
    assertThat(scenario.reshard("shop-r1").getDigestsCompared()).isEqualTo(256);
    assertThat(scenario.topology()).isEqualTo(before);
    assertThat(
            Issued.tasks(scenario.journal()).stream()
                .filter(t -> "shop-r1".equals(t.getChangeLogId()))
                .map(ShardTask::getTask))
        .hasOnlyElementsOfType(VerifyShard.class);
  }

  @Test
  void a_replica_that_differs_is_named_and_nothing_is_changed() {
    create(2, 2);
    Topology before = scenario.topology();
    scenario.nodes().corrupt(TABLE, 3, 200);
    scenario.send(Commands.of("c2", new VerifyTable("orders", null, false)));
    scenario.run(5_000);

    assertThat(scenario.message("c2"))
        .isEqualTo(
            "Reshard 'shop-r1' of table 'orders' failed: Verify found 1 virtual shards that differ:"
                + " 200; keys (200)");
    assertThat(scenario.topology()).isEqualTo(before);
    assertThat(scenario.nodes().shards()).hasSize(4);

    scenario.nodes().mend();
    scenario.send(Commands.control("c3", "shop-r1", ReshardVerb.RETRY));
    scenario.run(5_000);
    assertThat(scenario.results("c3")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.topology()).isEqualTo(before);
  }

  @Test
  void replicas_on_lost_nodes_are_left_out_and_named() {
    create(2, 2);
    scenario.nodes().kill("c");
    scenario.run(31_000);
    scenario.hold(task -> task instanceof ShardTask t && t.getTask() instanceof VerifyShard);
    scenario.send(Commands.of("c2", new VerifyTable("orders", null, false)));
    assertThat(scenario.message("c2"))
        .isEqualTo("left out, because their nodes are lost: replica 3 on node 'c'");

    scenario.hold(task -> false);
    scenario.run(5_000);
    assertThat(scenario.results("c2")).last().isEqualTo("APPLIED");
    assertThat(scenario.reshard("shop-r1").getDigestsCompared()).isEqualTo(128);
  }

  @Test
  void a_table_without_replicas_has_nothing_to_compare() {
    create(2, 1);
    scenario.send(Commands.of("c2", new VerifyTable("orders", null, false)));

    assertThat(scenario.message("c2"))
        .isEqualTo(
            "Table 'orders' has no replicas to compare: VERIFY TABLE … AGAINST LOG rebuilds its"
                + " shards from the log and compares those");
  }

  @Test
  void a_verify_against_the_log_rebuilds_owners_only() {
    create(2, 2);
    scenario.hold(task -> task instanceof ShardTask t && t.getTask() instanceof CopyShard);
    scenario.send(Commands.of("c2", new VerifyTable("orders", null, true)));
    scenario.run(5_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.reshard("shop-r1").getTargetShards()).containsExactly(4, 5);
    assertThat(scenario.nodes().shards()).hasSize(4);
  }
}
