package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables with replicas, with nodes that do what they are told or are gone. */
class ReplicaScenariosTest {
  private static final String TABLE = Scenario.TABLE;

  private final Scenario scenario = new Scenario("a", "b", "c");

  private void create(int shards, int replicas) {
    scenario.create(shards, replicas, 1_000);
  }

  private DdlCommand replicas(String id, int replicas) {
    return Commands.alter(id, "orders", new SetReplicas(replicas));
  }

  @Test
  void a_table_is_made_with_all_holders_of_its_rows_on_different_nodes() {
    create(2, 2);

    assertThat(scenario.results("c1")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
    assertThat(scenario.shards())
        .containsExactly("0 owner on a", "1 owner on b", "2 replica on b", "3 replica on c");
    assertThat(scenario.topology().getEpoch()).isEqualTo(1);
    assertThat(scenario.topology().getNextShardId()).isEqualTo(4);
    assertThat(scenario.nodes().shards())
        .containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/1", TABLE + "/2", TABLE + "/3");
  }

  @Test
  void a_table_is_refused_that_needs_more_nodes_than_there_are() {
    create(2, 4);

    assertThat(scenario.results("c1")).containsExactly("REJECTED TOO_FEW_NODES");
    assertThat(scenario.message("c1"))
        .isEqualTo(
            "Table 'orders' cannot have each row on 4 nodes: 3 take shards. Add nodes, or set fewer"
                + " replicas");
    assertThat(scenario.state().tables()).isEmpty();
  }

  @Test
  void a_node_that_may_be_back_in_a_moment_is_waited_for() {
    scenario.nodes().kill("c");
    scenario.run(15_000);
    create(1, 3);

    assertThat(scenario.message("c1")).isEqualTo("waits for a heartbeat of node 'c'");

    scenario.nodes().restart("c");
    scenario.run(2_000);
    assertThat(scenario.results("c1")).containsExactly("PENDING", "PENDING", "ACCEPTED", "APPLIED");
    assertThat(scenario.shards())
        .containsExactly("0 owner on a", "1 replica on b", "2 replica on c");
  }

  @Test
  void the_replica_with_the_least_lag_owns_the_rows_when_its_owners_node_is_lost() {
    create(1, 3);
    scenario.nodes().lag(TABLE, 1, 50);
    scenario.nodes().lag(TABLE, 2, 20);
    scenario.nodes().kill("a");
    scenario.run(29_000);
    assertThat(scenario.shards())
        .containsExactly("0 owner on a", "1 replica on b", "2 replica on c");

    scenario.run(2_000);

    assertThat(scenario.shards())
        .containsExactly("0 replica on a", "1 replica on b", "2 owner on c");
    assertThat(scenario.topology().getEpoch()).isEqualTo(2);
    assertThat(scenario.state().reshards()).isEmpty();
  }

  @Test
  void one_that_was_the_owner_is_a_replica_when_it_comes_back() {
    create(1, 2);
    scenario.nodes().kill("a");
    scenario.run(60_000);
    scenario.nodes().restart("a");
    scenario.run(60_000);

    assertThat(scenario.shards()).containsExactly("0 replica on a", "1 owner on b");
    assertThat(scenario.topology().getEpoch()).isEqualTo(2);
  }

  @Test
  void missing_replicas_are_made_elsewhere_when_a_node_is_lost_for_long() {
    create(3, 2);
    assertThat(scenario.shards())
        .containsExactly(
            "0 owner on a",
            "1 owner on b",
            "2 owner on c",
            "3 replica on b",
            "4 replica on c",
            "5 replica on a");
    scenario.nodes().kill("a");
    scenario.run(299_000);
    assertThat(scenario.shards())
        .containsExactly(
            "0 replica on a",
            "1 owner on b",
            "2 owner on c",
            "3 owner on b",
            "4 replica on c",
            "5 replica on a");

    scenario.run(20_000);

    assertThat(scenario.shards())
        .containsExactly(
            "1 owner on b",
            "2 owner on c",
            "3 owner on b",
            "4 replica on c",
            "6 replica on b",
            "7 replica on c");
    assertThat(scenario.status("shop-t1.6")).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.reshard("shop-t1.6").getPurpose()).isEqualTo(ReshardPurpose.REPLICATE);
    assertThat(scenario.reshard("shop-t1.6").getSourceShards()).containsExactly(2, 3);
    assertThat(scenario.reshard("shop-t1.6").getTargetShards()).containsExactly(6, 7);
    assertThat(scenario.reshard("shop-t1.6").getDigestsCompared()).isEqualTo(171);
    assertThat(scenario.state().reshards()).isEmpty();
  }

  @Test
  void what_a_node_still_has_when_it_comes_back_is_dropped() {
    create(1, 2);
    scenario.nodes().kill("b");
    scenario.run(330_000);
    assertThat(scenario.shards()).containsExactly("0 owner on a", "2 replica on c");
    scenario.hold(task -> task instanceof ShardTask t && t.getTask() instanceof DropShard);
    scenario.nodes().restart("b");
    scenario.run(2_000);
    scenario.forget(DropShard.class);
    scenario.restart();
    scenario.hold(task -> false);
    scenario.run(30_000);

    assertThat(scenario.nodes().shards()).containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/2");
    assertThat(scenario.state().tasks()).isEmpty();
  }

  @Test
  void a_shard_of_a_table_that_is_gone_is_dropped_when_its_node_comes_back() {
    create(1, 2);
    scenario.nodes().kill("b");
    scenario.run(31_000);
    scenario.send(Commands.drop("c2", "orders"));
    scenario.run(5_000);
    assertThat(scenario.results("c2")).last().isEqualTo("APPLIED");
    assertThat(scenario.state().topology(TABLE)).isEmpty();
    scenario.forget(DropShard.class);
    scenario.nodes().restart("b");
    assertThat(scenario.nodes().shards()).containsExactly(TABLE + "/1");
    scenario.run(5_000);

    assertThat(scenario.nodes().shards()).isEmpty();
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void replicas_are_made_from_their_owners_and_the_command_is_applied_when_they_serve() {
    create(2, 1);
    scenario.hold(task -> task instanceof ShardTask t && t.getTask() instanceof CopyShard);
    scenario.send(replicas("c2", 3));
    scenario.run(2_000);

    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED");
    assertThat(scenario.copies("shop-t1.2").values())
        .flatExtracting(CopyShard::getSources)
        .extracting(CopySource::getShardId)
        .containsExactly(0, 0, 1, 1);

    scenario.hold(task -> false);
    scenario.run(5_000);
    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
    assertThat(scenario.shards())
        .containsExactly(
            "0 owner on a",
            "1 owner on b",
            "2 replica on c",
            "3 replica on b",
            "4 replica on a",
            "5 replica on c");
    assertThat(scenario.state().table(TABLE).orElseThrow().getReplicas()).isEqualTo(3);
  }

  @Test
  void surplus_replicas_are_dropped_and_the_command_is_applied_when_they_are_gone() {
    create(1, 3);
    scenario.hold(task -> task instanceof ShardTask t && t.getTask() instanceof DropShard);
    scenario.send(replicas("c2", 1));
    scenario.run(2_000);
    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED");
    assertThat(scenario.shards()).containsExactly("0 owner on a");

    scenario.hold(task -> false);
    scenario.run(15_000);
    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
    assertThat(scenario.nodes().shards()).containsExactly(TABLE + "/0");
    assertThat(scenario.topology().getEpoch()).isEqualTo(2);
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void more_replicas_than_nodes_are_refused_and_fewer_never_are() {
    create(1, 3);
    scenario.nodes().kill("b");
    scenario.nodes().kill("c");
    scenario.run(31_000);
    scenario.send(replicas("c2", 4));
    scenario.send(replicas("c3", 2));
    scenario.run(1_000);

    assertThat(scenario.message("c2"))
        .isEqualTo(
            "Table 'orders' cannot have each row on 4 nodes: 1 take shards. Add nodes, or set fewer"
                + " replicas");
    assertThat(scenario.results("c3")).containsExactly("PENDING", "ACCEPTED");
    assertThat(scenario.shards()).containsExactly("0 owner on a", "1 replica on b");
  }

  @Test
  void a_reshard_makes_owners_and_replicas_and_takes_back_both() {
    create(1, 2);
    scenario.send(Commands.reshard("c2", "orders", 2));
    scenario.run(3_000);
    assertThat(scenario.reshard("shop-r1").getSourceShards()).containsExactly(0);
    assertThat(scenario.reshard("shop-r1").getTargetShards()).containsExactly(2, 3, 4, 5);
    assertThat(scenario.reshard("shop-r1").getDigestsCompared()).isEqualTo(256);
    assertThat(scenario.copies("shop-r1").values())
        .flatExtracting(CopyShard::getSources)
        .extracting(CopySource::getShardId)
        .containsOnly(0);
    assertThat(scenario.shards())
        .containsExactly(
            "0 owner on a to_be_deleted",
            "1 replica on b to_be_deleted",
            "2 owner on a",
            "3 owner on b",
            "4 replica on b",
            "5 replica on c");

    scenario.send(Commands.control("c3", "shop-r1", ReshardVerb.ROLLBACK));
    assertThat(scenario.shards())
        .containsExactly(
            "0 owner on a",
            "1 replica on b",
            "2 owner on a to_be_deleted",
            "3 owner on b to_be_deleted",
            "4 replica on b to_be_deleted",
            "5 replica on c to_be_deleted");
    scenario.run(20_000);
    assertThat(scenario.shards()).containsExactly("0 owner on a", "1 replica on b");
    assertThat(scenario.topology().getEpoch()).isEqualTo(3);

    scenario.send(Commands.control("c4", "shop-r1", ReshardVerb.RETRY));
    scenario.run(20_000);
    assertThat(scenario.shards())
        .containsExactly("6 owner on a", "7 owner on b", "8 replica on b", "9 replica on c");
    assertThat(scenario.nodes().shards())
        .containsExactlyInAnyOrder(TABLE + "/6", TABLE + "/7", TABLE + "/8", TABLE + "/9");
  }

  @Test
  void a_replica_that_differs_from_its_owner_fails_the_reshard() {
    create(1, 2);
    scenario.nodes().corrupt(TABLE, 3, 17);
    scenario.send(Commands.reshard("c2", "orders", 1));
    scenario.run(10_000);

    assertThat(scenario.status("shop-r1")).isEqualTo(ReshardStatus.FAILED);
    assertThat(scenario.message("c2"))
        .isEqualTo(
            "Reshard 'shop-r1' of table 'orders' failed: Verify found 1 virtual shards that differ:"
                + " 17; keys (17)");
    assertThat(scenario.shards()).containsExactly("0 owner on a", "1 replica on b");
  }

  @Test
  void a_reshard_of_a_table_whose_owner_is_lost_is_refused_unless_a_replica_took_its_place() {
    create(1, 2);
    scenario.nodes().kill("a");
    scenario.run(31_000);
    scenario.send(Commands.reshard("c2", "orders", 2));
    scenario.run(20_000);
    assertThat(scenario.status("shop-r1")).isEqualTo(ReshardStatus.COMPLETE);

    scenario.nodes().kill("b");
    scenario.nodes().kill("c");
    scenario.run(31_000);
    scenario.nodes().restart("a");
    scenario.run(2_000);
    scenario.send(Commands.reshard("c3", "orders", 1));
    assertThat(scenario.results("c3")).containsExactly("REJECTED NODE_LOST");
    assertThat(scenario.message("c3")).isEqualTo("Node 'b' has sent no heartbeat for 33 s");
  }

  @Test
  void verbs_about_a_switch_are_refused_while_replicas_are_made() {
    create(1, 1);
    scenario.hold(task -> task instanceof ShardTask t && t.getTask() instanceof CopyShard);
    scenario.send(replicas("c2", 2));
    scenario.run(2_000);
    scenario.send(Commands.control("c3", "shop-t1.1", ReshardVerb.ROLLBACK));
    scenario.send(Commands.control("c4", "shop-t1.1", ReshardVerb.CANCEL));

    assertThat(scenario.message("c3"))
        .isEqualTo(
            "Cannot roll back reshard 'shop-t1.1': it only makes replicas, and switches nothing");
    assertThat(scenario.status("shop-t1.1")).isEqualTo(ReshardStatus.CANCELLED);
    scenario.send(Commands.control("c5", "shop-t1.1", ReshardVerb.RETRY));
    assertThat(scenario.message("c5"))
        .isEqualTo(
            "Cannot retry reshard 'shop-t1.1': replicas that are missing are made again without"
                + " being told to");

    scenario.hold(task -> false);
    scenario.run(10_000);
    assertThat(scenario.shards()).containsExactly("0 owner on a", "2 replica on b");
    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
  }

  @Test
  void no_replica_is_made_while_a_reshard_runs_and_the_switch_keeps_what_was_planned() {
    create(1, 1);
    scenario.hold(task -> task instanceof ShardTask t && t.getTask() instanceof CopyShard);
    scenario.send(Commands.reshard("c2", "orders", 1));
    scenario.run(1_000);
    scenario.send(replicas("c3", 2));
    scenario.run(2_000);
    assertThat(scenario.shards()).containsExactly("0 owner on a", "1 owner on a pending");

    scenario.hold(task -> false);
    scenario.run(20_000);
    assertThat(scenario.shards()).containsExactly("1 owner on a", "2 replica on b");
    assertThat(scenario.results("c3")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
  }

  @Test
  void a_table_that_is_altered_does_not_wait_for_replicas_on_lost_nodes() {
    create(1, 2);
    scenario.nodes().kill("b");
    scenario.run(31_000);
    scenario.send(Commands.alter("c2", "orders", new SetBlockSize(7)));
    scenario.run(1_000);

    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
  }

  @Test
  void the_state_that_follows_from_the_decisions_knows_the_same_of_replicas() {
    create(2, 2);
    scenario.nodes().kill("a");
    scenario.run(330_000);
    List<String> before = scenario.shards();
    scenario.restart();
    scenario.run(10_000);

    assertThat(scenario.shards()).isEqualTo(before);
    assertThat(scenario.journal())
        .filteredOn(d -> d instanceof Decision.TopologyStored)
        .extracting(d -> ((Decision.TopologyStored) d).topology().getEpoch())
        .isSorted();
  }
}
