package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.PlannedNode;
import dev.shardstream.schemas.event.PlannedTarget;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans, room for them, and what was tried before. */
class ReshardPlanTest {
  private static final String ID = "shop-r1";

  private final Scenario scenario = new Scenario("a", "b");

  @BeforeEach
  void a_table_of_two_shards() {
    scenario.nodes().size(128_000, 12_800_000);
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
  }

  private ReshardPlan plan(String id) {
    return scenario.state().result(id).orElseThrow().getPlan();
  }

  @Test
  void a_dry_run_tells_the_plan_and_nothing_is_stored() {
    scenario.nodes().freeBytes("a", 20_000_000);
    scenario.nodes().freeBytes("b", 10_000);
    scenario.run(200);
    List<Decision> decisions =
        scenario.send(
            Commands.explain("c2", "orders", 3, new ReshardOptions(1_000L, null, false, false)));

    assertThat(scenario.results("c2")).containsExactly("APPLIED");
    assertThat(plan("c2"))
        .isEqualTo(
            new ReshardPlan(
                "orders",
                List.of(0, 1),
                List.of(
                    new PlannedTarget(2, "a", 85, 85_000L, 8_500_000L, 85_000L, ShardRole.OWNER),
                    new PlannedTarget(3, "b", 85, 85_000L, 8_500_000L, 42_000L, ShardRole.OWNER),
                    new PlannedTarget(4, "a", 86, 86_000L, 8_600_000L, 0L, ShardRole.OWNER)),
                List.of(
                    new PlannedNode("a", 21_475_000L, 20_000_000L),
                    new PlannedNode("b", 10_725_000L, 10_000L)),
                256_000L,
                25_600_000L,
                256_000L));
    assertThat(decisions)
        .noneMatch(
            d ->
                d instanceof Decision.ReshardStored
                    || d instanceof Decision.TopologyStored
                    || d instanceof Decision.ShardTaskIssued);
  }

  @Test
  void the_estimate_goes_by_the_node_that_copies_most() {
    scenario.send(Commands.explain("c2", "orders", 3, null));

    assertThat(plan("c2").getEstimatedMillis()).isEqualTo(1_710);
  }

  @Test
  void a_dry_run_is_refused_like_the_real_one() {
    scenario.send(Commands.explain("many", "orders", 257, null));
    scenario.send(Commands.explain("nothing", "nothing", 2, null));
    scenario.send(
        Commands.explain("rate", "orders", 2, new ReshardOptions(-1L, null, false, false)));
    scenario.send(
        Commands.reshard("grace", "orders", 2, new ReshardOptions(null, -1L, false, false)));

    assertThat(scenario.results("many")).containsExactly("REJECTED INVALID_SHARD_COUNT");
    assertThat(scenario.results("nothing")).containsExactly("REJECTED TABLE_NOT_FOUND");
    assertThat(scenario.results("rate")).containsExactly("REJECTED INVALID_ARGUMENT");
    assertThat(scenario.message("grace"))
        .isEqualTo("Invalid argument: rows per second and a grace period must be 0 or more");
  }

  @Test
  void a_dry_run_does_not_wait_for_a_node() {
    scenario.nodes().kill("a");
    scenario.nodes().kill("b");
    scenario.run(20_000);
    scenario.send(Commands.explain("c2", "orders", 3, null));

    assertThat(scenario.results("c2")).containsExactly("REJECTED NO_LIVE_NODE");
  }

  @Test
  void a_reshard_that_does_not_fit_is_refused_at_its_start() {
    scenario.nodes().freeBytes("a", 21_474_999);
    scenario.run(200);
    scenario.send(Commands.reshard("c2", "orders", 3));

    assertThat(scenario.results("c2")).containsExactly("REJECTED INSUFFICIENT_DISK");
    assertThat(scenario.message("c2"))
        .isEqualTo(
            "Table 'orders' does not fit: node 'a' needs 21475000 bytes for it and has 21474999"
                + " free. Free space there, add a node, or reshard to fewer shards at a time");
    assertThat(scenario.topology().getChangeLogId()).isNull();
    scenario.nodes().freeBytes("a", 21_475_000);
    scenario.run(200);
    scenario.send(Commands.reshard("c3", "orders", 3));
    assertThat(scenario.results("c3")).containsExactly("ACCEPTED");
  }

  @Test
  void a_retry_is_another_reshard_over_the_nodes_that_live() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    ReshardOptions options = new ReshardOptions(700L, null, false, true);
    scenario.send(Commands.reshard("c2", "orders", 3, options));
    scenario.run(1_000);
    scenario.send(Commands.control("c3", ID, ReshardVerb.CANCEL));
    scenario.hold(t -> false);
    scenario.run(1_000);
    scenario.restart();
    scenario.send(Commands.control("c4", ID, ReshardVerb.RETRY));
    Reshard retry = scenario.reshard("shop-r2");
    assertThat(retry.getRetryOf()).isEqualTo(ID);
    assertThat(retry.getOptions()).isEqualTo(options);
    assertThat(retry.getTargetShards()).containsExactly(5, 6, 7);
    scenario.run(20_000);

    assertThat(scenario.results("c4")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.state().result("c4").orElseThrow().getChangeLogId()).isEqualTo("shop-r2");
    scenario.send(Commands.control("c5", ID, ReshardVerb.RETRY));
    assertThat(scenario.results("c5")).as("it was retried").containsExactly("APPLIED");
    assertThat(scenario.state().result("c5").orElseThrow().getChangeLogId()).isEqualTo("shop-r2");
  }

  @Test
  void a_retry_is_refused_while_another_reshard_of_the_table_runs() {
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.send(Commands.control("c3", ID, ReshardVerb.CANCEL));
    scenario.send(Commands.reshard("c4", "orders", 4));
    scenario.send(Commands.control("c5", ID, ReshardVerb.RETRY));

    assertThat(scenario.message("c5"))
        .isEqualTo(
            "Cannot retry reshard 'shop-r1': reshard 'shop-r2' of its table is running: wait for"
                + " it");
  }

  @Test
  void a_retry_that_failed_can_be_asked_for_again() {
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.send(Commands.control("c3", ID, ReshardVerb.CANCEL));
    scenario.send(Commands.control("c4", ID, ReshardVerb.RETRY));
    scenario.send(Commands.control("c5", "shop-r2", ReshardVerb.CANCEL));
    assertThat(scenario.results("c4")).containsExactly("ACCEPTED", "REJECTED RESHARD_CANCELLED");
    scenario.send(Commands.control("c6", ID, ReshardVerb.RETRY));
    scenario.run(20_000);

    assertThat(scenario.status("shop-r3")).isEqualTo(ReshardStatus.COMPLETE);
  }

  @Test
  void a_move_is_retried_to_the_same_node_while_that_takes_shards() {
    scenario.send(Commands.of("c2", new MoveShard("orders", 0, "b", null)));
    scenario.send(Commands.control("c3", ID, ReshardVerb.CANCEL));
    scenario.send(Commands.of("c4", new DrainNode("b")));
    scenario.run(20_000);
    scenario.send(Commands.control("drained", ID, ReshardVerb.RETRY));
    assertThat(scenario.results("drained")).containsExactly("REJECTED NODE_NOT_PLACEABLE");
    scenario.send(Commands.of("c5", new UndrainNode("b")));
    scenario.send(Commands.control("c6", ID, ReshardVerb.RETRY));
    scenario.run(20_000);

    assertThat(scenario.results("c6")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(Tables.owners(scenario.topology()))
        .extracting(Shard::getNodeId, s -> s.getVirtualShards().get(0))
        .containsExactlyInAnyOrder(tuple("b", 0), tuple("a", 128));
  }

  @Test
  void a_verify_is_retried_and_nothing_of_a_switch_can_be_asked_of_it() {
    scenario.hold(t -> t instanceof ShardTask);
    scenario.send(Commands.of("c2", new VerifyTable("orders", null, true)));
    for (ReshardVerb verb :
        List.of(ReshardVerb.SWITCH, ReshardVerb.ROLLBACK, ReshardVerb.COMPLETE)) {
      scenario.send(Commands.control(verb.name(), ID, verb));
      assertThat(scenario.message(verb.name()))
          .endsWith(" reshard 'shop-r1': it only verifies, and switches nothing");
    }
    scenario.send(Commands.control("c3", ID, ReshardVerb.CANCEL));
    scenario.hold(t -> false);
    scenario.send(Commands.control("c4", ID, ReshardVerb.RETRY));
    scenario.run(20_000);

    assertThat(scenario.results("c4")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.reshard("shop-r2").getPurpose()).isEqualTo(ReshardPurpose.VERIFY);
  }

  @Test
  void the_last_eight_reshards_of_a_table_are_remembered_until_it_is_dropped() {
    for (int i = 1; i <= 10; i++) {
      scenario.send(Commands.reshard("reshard" + i, "orders", 3));
      scenario.send(Commands.control("cancel" + i, "shop-r" + i, ReshardVerb.CANCEL));
      scenario.run(200);
    }
    scenario.restart();
    assertThat(scenario.state().endedReshards(Scenario.TABLE))
        .extracting(Reshard::getChangeLogId)
        .containsExactly(
            "shop-r3",
            "shop-r4",
            "shop-r5",
            "shop-r6",
            "shop-r7",
            "shop-r8",
            "shop-r9",
            "shop-r10");
    scenario.send(Commands.drop("drop", "orders"));
    scenario.run(5_000);

    assertThat(scenario.results("drop")).endsWith("APPLIED");
    assertThat(scenario.state().endedReshards(Scenario.TABLE)).isEmpty();
  }
}
