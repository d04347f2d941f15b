package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.PlannedTarget;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.SampleKeys;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A RANGE table with one row for each of the shard keys 0 to 299, and how it is divided anew. */
class RangeReshardTest {
  private static final String ID = "shop-r1";

  private final Scenario scenario = new Scenario("a", "b");
  private Topology before;

  @BeforeEach
  void a_table_of_two_shards() {
    scenario.send(Commands.createRange("c1", "orders", 20));
    scenario.run(1_000);
    before = scenario.topology();
  }

  private static FakeRows rows(int... rowsOfKeys) {
    return new FakeRows(rowsOfKeys);
  }

  private List<String> owners() {
    return Tables.owners(scenario.topology()).stream().map(RangeReshardTest::text).toList();
  }

  private static String text(Shard shard) {
    return shard.getId() + " " + shard.getNodeId() + " " + KeyRanges.text(shard.getRange());
  }

  private List<SampleKeys> asked() {
    return scenario.journal().stream()
        .filter(d -> d instanceof Decision.ShardTaskIssued)
        .map(d -> ((Decision.ShardTaskIssued) d).task().getTask())
        .filter(SampleKeys.class::isInstance)
        .map(SampleKeys.class::cast)
        .toList();
  }

  private void holdSampleOf(int... shards) {
    scenario.hold(
        t ->
            t instanceof ShardTask task
                && task.getTask() instanceof SampleKeys sample
                && IntStream.of(shards).anyMatch(s -> s == sample.getShardId()));
  }

  private void assertUndone() {
    assertThat(scenario.topology())
        .isEqualTo(
            Topology.newBuilder(before)
                .setNextShardId(scenario.topology().getNextShardId())
                .build());
    assertThat(scenario.state().samples(ID)).isEmpty();
    assertThat(scenario.state().tasks()).isEmpty();
  }

  @Test
  void split_points_are_chosen_from_the_rows_and_shards_are_equal_then() {
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(20_000);

    assertThat(asked()).containsExactly(new SampleKeys(0, 256), new SampleKeys(1, 256));
    assertThat(owners()).hasSize(3);
    FakeRows held = rows(IntStream.generate(() -> 1).limit(300).toArray());
    assertThat(Tables.owners(scenario.topology()))
        .allSatisfy(s -> assertThat(held.count(s.getRange())).isBetween(98L, 102L));
    assertThat(scenario.results("c2")).endsWith("ACCEPTED", "APPLIED");
    assertThat(scenario.reshard(ID).getPhases())
        .extracting(ReshardPhase::getStatus)
        .containsExactly(
            ReshardStatus.QUEUED,
            ReshardStatus.QUEUED,
            ReshardStatus.COPYING,
            ReshardStatus.REPLAYING,
            ReshardStatus.VERIFYING,
            ReshardStatus.SWITCHING,
            ReshardStatus.COMPLETE);
    assertThat(scenario.reshard(ID).getShardCount()).isEqualTo(3);
    assertThat(scenario.reshard(ID).getTargetShards()).containsExactly(2, 3, 4);
    assertThat(scenario.reshard(ID).getDigestsCompared()).isEqualTo(256);
    assertThat(scenario.state().samples(ID)).isEmpty();
  }

  @Test
  void each_target_copies_what_it_shares_with_each_source() {
    scenario.nodes().rangeRows(rows(IntStream.range(0, 300).map(i -> i < 40 ? 1 : 0).toArray()));
    scenario.hold(t -> Issued.is(t, CopyShard.class));
    scenario.send(Commands.reshard("c2", "orders", 4));
    scenario.run(5_000);

    assertThat(scenario.topology().getShards().stream().map(RangeReshardTest::text))
        .containsExactly(
            "0 a […, 20)",
            "1 b [20, …)",
            "2 a […, 10)",
            "3 b [10, 20)",
            "4 a [20, 30)",
            "5 b [30, …)");
    assertThat(scenario.copies(ID).values())
        .extracting(
            copy ->
                copy.getSources().stream()
                    .map(s -> s.getShardId() + " " + KeyRanges.text(s.getRange()))
                    .toList())
        .containsExactly(
            List.of("0 […, 10)"),
            List.of("0 [10, 20)"),
            List.of("1 [20, 30)"),
            List.of("1 [30, …)"));
  }

  @Test
  void a_target_that_takes_from_two_sources_is_verified_with_both() {
    scenario.send(Commands.reshard("c2", "orders", 1));
    scenario.run(20_000);

    assertThat(asked()).as("one shard is all there is to choose").isEmpty();
    assertThat(owners()).containsExactly("2 a […, …)");
    assertThat(scenario.copies(ID).get(2).getSources())
        .extracting(s -> s.getShardId() + " " + KeyRanges.text(s.getRange()))
        .containsExactly("0 […, 20)", "1 [20, …)");
    assertThat(scenario.results("c2")).endsWith("APPLIED");
  }

  @Test
  void a_difference_is_between_all_sources_and_all_targets() {
    int virtualShard = VirtualShards.of(FakeRows.key(5));
    scenario.hold(t -> Issued.is(t, CopyShard.class));
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(5_000);
    scenario.nodes().corrupt(Scenario.TABLE, 3, virtualShard);
    scenario.hold(t -> false);
    scenario.run(20_000);

    assertThat(scenario.reshard(ID).getMismatches())
        .extracting(m -> List.of(m.getVirtualShard(), m.getSourceShard(), m.getTargetShard()))
        .containsExactly(List.of(virtualShard, 0, 2));
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.FAILED);
    assertUndone();
  }

  @Test
  void what_differs_is_copied_again_to_every_target() {
    ReshardOptions repair = ReshardOptions.newBuilder().setRepair(true).build();
    scenario.hold(t -> Issued.is(t, CopyShard.class));
    scenario.send(Commands.reshard("c2", "orders", 3, repair));
    scenario.run(5_000);
    scenario.nodes().corrupt(Scenario.TABLE, 3, 7);
    scenario.hold(t -> false);
    scenario.run(30_000);

    assertThat(scenario.reshard(ID).getRepairs()).isEqualTo(1);
    assertThat(scenario.copies(ID).values())
        .extracting(CopyShard::getCopyAgain)
        .containsExactly(List.of(7), List.of(7), List.of(7));
    assertThat(scenario.results("c2")).endsWith("APPLIED");
  }

  @Test
  void too_few_keys_fail_it_and_a_retry_asks_again() {
    scenario.nodes().rangeRows(rows(1, 1, 1));
    scenario.send(Commands.reshard("c2", "orders", 6));
    scenario.run(10_000);

    assertThat(scenario.message("c2"))
        .isEqualTo(
            "Reshard 'shop-r1' of table 'orders' failed: Table 'orders' has 3 shard keys to split"
                + " at, which makes no more than 4 shards");
    assertThat(scenario.reshard(ID).getErrorCode()).isEqualTo("TOO_FEW_KEYS");
    assertUndone();

    scenario.nodes().rangeRows(rows(1, 1, 1, 1, 1, 1));
    scenario.send(Commands.control("c3", ID, ReshardVerb.RETRY));
    scenario.run(20_000);
    assertThat(scenario.results("c3")).endsWith("APPLIED");
    assertThat(owners()).hasSize(6);
    assertThat(scenario.reshard("shop-r2").getRetryOf()).isEqualTo(ID);
  }

  @Test
  void what_one_source_has_answered_outlives_the_control_plane() {
    holdSampleOf(1);
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(3_000);
    scenario.restart();
    scenario.run(3_000);
    assertThat(scenario.state().samples(ID)).containsOnlyKeys(0);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.QUEUED);

    scenario.hold(t -> false);
    scenario.run(20_000);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
    assertThat(asked()).filteredOn(s -> s.getShardId() == 0).hasSize(1);
  }

  @Test
  void a_source_that_stays_silent_is_asked_again() {
    holdSampleOf(0, 1);
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(25_000);

    assertThat(asked()).filteredOn(s -> s.getShardId() == 0).hasSizeGreaterThan(1);
    scenario.hold(t -> false);
    scenario.run(20_000);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
  }

  @Test
  void a_task_that_is_only_done_names_no_keys() {
    holdSampleOf(0);
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(1_000);
    ShardTask task = scenario.waiting().get(0);
    scenario.report(
        new TaskEvent(
            task.getTaskId(), 1, "a", "a-1", "shop", Scenario.TABLE, 0L, new TaskDone(null)));
    scenario.run(2_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.QUEUED);

    scenario.hold(t -> false);
    scenario.run(20_000);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
  }

  @Test
  void it_can_be_paused_and_resumed_before_its_targets_are_known() {
    holdSampleOf(0, 1);
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(1_000);
    scenario.send(Commands.control("c3", ID, ReshardVerb.PAUSE));
    scenario.hold(t -> false);
    scenario.run(5_000);
    assertThat(scenario.state().samples(ID)).containsOnlyKeys(0, 1);
    assertThat(scenario.reshard(ID).getTargetShards()).isEmpty();

    scenario.send(Commands.control("c4", ID, ReshardVerb.RESUME));
    scenario.run(20_000);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
  }

  @Test
  void it_can_be_cancelled_before_its_targets_are_known() {
    holdSampleOf(1);
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(1_000);
    assertThat(scenario.state().samples(ID)).containsOnlyKeys(0);
    scenario.send(Commands.control("c3", ID, ReshardVerb.CANCEL));
    scenario.run(1_000);

    assertThat(scenario.results("c2")).endsWith("REJECTED RESHARD_CANCELLED");
    assertUndone();
    assertThat(scenario.topology()).isEqualTo(before);
  }

  @Test
  void a_source_that_is_lost_before_it_answers_fails_it() {
    holdSampleOf(1);
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(1_000);
    scenario.nodes().kill("b");
    scenario.run(31_000);

    assertThat(scenario.message("c2"))
        .isEqualTo(
            "Reshard 'shop-r1' of table 'orders' failed: Node 'b' has sent no heartbeat for 30 s");
    assertUndone();
  }

  @Test
  void a_dry_run_tells_equal_shares_and_that_it_does_not_know_the_split_points() {
    scenario.nodes().size(300, 6_000);
    scenario.run(400);
    scenario.send(Commands.explain("c2", "orders", 4, null));

    ReshardPlan plan = scenario.state().result("c2").orElseThrow().getPlan();
    assertThat(plan.getTargets())
        .extracting(
            PlannedTarget::getShardId,
            PlannedTarget::getNodeId,
            PlannedTarget::getVirtualShards,
            PlannedTarget::getRows,
            PlannedTarget::getBytes,
            PlannedTarget::getRowsLocally)
        .map(t -> t.toList())
        .containsExactly(
            List.of(2, "a", 256, 150L, 3_000L, 75L),
            List.of(3, "b", 256, 150L, 3_000L, 75L),
            List.of(4, "a", 256, 150L, 3_000L, 75L),
            List.of(5, "b", 256, 150L, 3_000L, 75L));
    assertThat(scenario.message("c2"))
        .isEqualTo(
            "split points are chosen from the rows when it starts: shards are as equal as they"
                + " get");
    assertThat(scenario.topology()).isEqualTo(before);
  }

  @Test
  void what_does_not_fit_is_refused_before_anybody_is_asked() {
    scenario.nodes().size(300, 6_000);
    scenario.nodes().freeBytes("b", 7_000);
    scenario.run(400);
    scenario.send(Commands.reshard("c2", "orders", 4));

    assertThat(scenario.message("c2"))
        .isEqualTo(
            "Table 'orders' does not fit: node 'b' needs 7506 bytes for it and has 7000 free. Free"
                + " space there, add a node, or reshard to fewer shards at a time");
    assertThat(asked()).isEmpty();
    assertThat(scenario.topology()).isEqualTo(before);
  }

  @Test
  void replicas_of_ranges_are_made_and_compared_with_those_that_will_own_the_same() {
    Scenario replicated = new Scenario("a", "b", "c");
    replicated.send(Commands.of("c1", Commands.rangeTable("orders", 20).setReplicas(2).build()));
    replicated.run(1_000);
    replicated.send(Commands.reshard("c2", "orders", 3));
    replicated.run(20_000);

    assertThat(replicated.results("c2")).endsWith("ACCEPTED", "APPLIED");
    assertThat(replicated.topology().getShards())
        .extracting(s -> s.getId() + " " + s.getNodeId() + " " + s.getRole())
        .containsExactly(
            "4 a OWNER", "5 b OWNER", "6 c OWNER", "7 b REPLICA", "8 c REPLICA", "9 a REPLICA");
    assertThat(Tables.owners(replicated.topology()))
        .allSatisfy(owner -> assertThat(Tables.holders(replicated.topology(), owner)).hasSize(2));
    assertThat(replicated.reshard(ID).getShardCount()).isEqualTo(3);
    assertThat(replicated.reshard(ID).getDigestsCompared()).isEqualTo(256);
  }

  @Test
  void a_replica_that_differs_is_named_with_the_target_that_will_own_the_same() {
    int virtualShard = VirtualShards.of(FakeRows.key(5));
    Scenario replicated = new Scenario("a", "b", "c");
    replicated.send(Commands.of("c1", Commands.rangeTable("orders", 20).setReplicas(2).build()));
    replicated.run(1_000);
    replicated.hold(t -> Issued.is(t, CopyShard.class));
    replicated.send(Commands.reshard("c2", "orders", 3));
    replicated.run(5_000);
    replicated.nodes().corrupt(Scenario.TABLE, 8, virtualShard);
    replicated.hold(t -> false);
    replicated.run(20_000);

    assertThat(replicated.reshard(ID).getMismatches())
        .extracting(m -> List.of(m.getVirtualShard(), m.getSourceShard(), m.getTargetShard()))
        .containsExactly(List.of(virtualShard, 5, 8));
    assertThat(replicated.status(ID)).isEqualTo(ReshardStatus.FAILED);
  }
}
