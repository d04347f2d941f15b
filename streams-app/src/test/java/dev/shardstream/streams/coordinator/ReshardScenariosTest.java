package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.event.WriteFences;
import dev.shardstream.streams.state.Limits;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReshardScenariosTest {
  private static final String TABLE = Scenario.TABLE;
  private static final String ID = "shop-r1";

  private final Scenario scenario = new Scenario("a", "b");
  private Topology before;

  @BeforeEach
  void a_table_of_two_shards() {
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
    before = scenario.topology();
  }

  private static Predicate<Object> tasks(Class<?> kind) {
    return t ->
        t instanceof ShardTask s && kind.isInstance(s.getTask())
            || t instanceof ProvisionTask p && kind.isInstance(p.getTask());
  }

  private void reshardAndHold(Class<?> kind) {
    scenario.hold(tasks(kind));
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(3_000);
  }

  private void assertUndone() {
    assertThat(scenario.topology())
        .isEqualTo(Topology.newBuilder(before).setNextShardId(5).build());
    assertThat(scenario.results("c2")).endsWith("ACCEPTED", "REJECTED RESHARD_FAILED");
  }

  @Test
  void a_table_cannot_be_dropped_or_resharded_again_in_any_phase() {
    for (Class<?> held :
        List.of(
            CreateShard.class,
            CopyShard.class,
            VerifyShard.class,
            WriteFences.class,
            DropShard.class)) {
      scenario.hold(tasks(held));
      scenario.send(Commands.reshard("reshard-" + held, "orders", 3));
      scenario.run(8_000);
      scenario.send(Commands.drop("drop-" + held, "orders"));
      scenario.send(Commands.reshard("again-" + held, "orders", 4));

      assertThat(scenario.results("drop-" + held)).containsExactly("REJECTED DROP_DURING_RESHARD");
      assertThat(scenario.results("again-" + held)).containsExactly("REJECTED RESHARD_IN_PROGRESS");
      scenario.hold(t -> false);
      scenario.run(30_000);
      assertThat(scenario.results("reshard-" + held)).endsWith("APPLIED");
    }
  }

  @Test
  void impossible_reshards_are_refused() {
    scenario.send(Commands.reshard("none", "orders", 0));
    scenario.send(Commands.reshard("many", "orders", 257));
    scenario.send(Commands.reshard("nothing", "nothing", 2));

    assertThat(scenario.state().result("none").orElseThrow().getMessage())
        .isEqualTo("Invalid shard count: 0 (must be 1 to 256)");
    assertThat(scenario.results("many")).containsExactly("REJECTED INVALID_SHARD_COUNT");
    assertThat(scenario.results("nothing")).containsExactly("REJECTED TABLE_NOT_FOUND");
  }

  @Test
  void a_copy_is_as_fast_as_the_configuration_allows() {
    Limits d = Limits.defaults();
    assertThat(d.copyRowsPerSecond()).isZero();
    scenario.limits =
        new Limits(
            d.nodeTimeout(),
            d.taskTimeout(),
            d.taskAttempts(),
            d.lagBound(),
            d.verifyTimeout(),
            d.verifyAttempts(),
            d.grace(),
            d.dependencyTimeout(),
            500,
            d.liveQueryTimeout(),
            d.progressInterval(),
            d.backoffLag(),
            d.estimateRowsPerSecond(),
            d.tablesAtOnce(),
            d.replicaRebuild(),
            d.shardRebuild());

    reshardAndHold(CopyShard.class);

    assertThat(scenario.waiting())
        .extracting(t -> ((CopyShard) t.getTask()).getThrottleRowsPerSecond())
        .containsExactly(166L, 166L, 166L);
  }

  @Test
  void a_copy_names_every_source_with_its_endpoint() {
    reshardAndHold(CopyShard.class);

    assertThat(scenario.waiting())
        .extracting(
            t ->
                ((CopyShard) t.getTask())
                    .getSources().stream()
                        .map(
                            s ->
                                s.getShardId()
                                    + "@"
                                    + s.getEndpoint()
                                    + ":"
                                    + s.getVirtualShards().size())
                        .toList())
        .containsExactly(
            List.of("0@http://a:85"),
            List.of("0@http://a:43", "1@http://b:42"),
            List.of("1@http://b:86"));
  }

  @Test
  void a_node_that_is_back_in_time_copies_again_and_the_reshard_goes_on() {
    reshardAndHold(CopyShard.class);
    scenario.nodes().kill("a");
    scenario.run(20_000);
    scenario.hold(t -> false);
    scenario.nodes().restart("a");
    scenario.run(20_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
  }

  private static TaskEvent copied(ShardTask task) {
    return event(task, new TaskDone(null));
  }

  private static TaskEvent event(ShardTask task, Object event) {
    return new TaskEvent(
        task.getTaskId(),
        task.getAttempt(),
        task.getNodeId(),
        task.getNodeId() + "-1",
        "shop",
        TABLE,
        0L,
        event);
  }

  /** Nodes say that they have copied, and still wait for it. */
  private void reshardAndLoseTheCopies() {
    reshardAndHold(CopyShard.class);
    List<ShardTask> copies = List.copyOf(scenario.waiting());
    copies.forEach(task -> scenario.report(copied(task)));
    scenario.forget(CopyShard.class);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.REPLAYING);
  }

  @Test
  void a_copy_that_was_lost_is_made_again_and_its_late_answer_holds_nothing_up() {
    reshardAndLoseTheCopies();
    scenario.run(11_500);
    List<ShardTask> again = List.copyOf(scenario.waiting());
    assertThat(again).extracting(ShardTask::getTaskId).hasSize(3).doesNotHaveDuplicates();

    List<TaskEvent> late =
        again.stream().flatMap(task -> scenario.nodes().perform(task).stream()).toList();
    scenario.forget(CopyShard.class);
    scenario.hold(tasks(WriteFences.class));
    scenario.run(2_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.VERIFYING);
    late.forEach(scenario::report);
    scenario.hold(t -> false);
    scenario.run(20_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(1);
  }

  @Test
  void what_a_node_said_before_it_had_copied_makes_it_copy_nothing_again() {
    reshardAndLoseTheCopies();
    scenario.run(1_100);
    scenario.nodes().kill("a");
    scenario.run(9_500);

    assertThat(scenario.waiting()).isNotEmpty().extracting(ShardTask::getNodeId).containsOnly("b");
  }

  @Test
  void a_verify_of_many_rows_is_waited_for_while_a_node_says_that_it_goes_on() {
    reshardAndHold(WriteFences.class);
    ShardTask verify =
        Issued.tasks(scenario.journal()).stream()
            .filter(task -> task.getTask() instanceof VerifyShard)
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < 10; i++) {
      scenario.run(20_000);
      scenario.report(event(verify, new TaskProgress(0, 0L, 0L, 0L)));
    }
    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(1);

    scenario.run(32_000);
    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(2);
    scenario.report(event(verify, new TaskProgress(0, 0L, 0L, 0L)));
    scenario.hold(t -> false);
    scenario.run(20_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
  }

  @Test
  void a_lost_node_fails_the_reshard_and_leaves_the_table_as_it_was() {
    reshardAndHold(CopyShard.class);
    scenario.nodes().kill("a");
    scenario.run(31_000);

    assertUndone();
    assertThat(scenario.reshard(ID).getErrorMessage())
        .isEqualTo("Node 'a' has sent no heartbeat for 30 s");
  }

  @Test
  void a_task_that_cannot_be_done_fails_the_reshard() {
    reshardAndHold(CopyShard.class);
    ShardTask task = scenario.waiting().get(0);
    scenario.report(
        new TaskEvent(
            task.getTaskId(),
            1,
            task.getNodeId(),
            "a-1",
            "shop",
            TABLE,
            0L,
            new TaskFailed("FILE_ERROR", "the disk is full", false)));

    assertUndone();
    assertThat(scenario.reshard(ID).getErrorMessage())
        .isEqualTo("Task shop-r1/2/copy failed after 1 attempts: the disk is full");
    scenario.hold(t -> false);
    scenario.run(2_000);
    assertThat(scenario.nodes().shards()).containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/1");
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void a_copy_that_waits_for_its_turn_on_a_live_node_is_asked_for_and_never_given_up() {
    reshardAndHold(CopyShard.class);
    for (int i = 0; i < 60; i++) {
      for (ShardTask task : scenario.waiting()) {
        scenario.report(
            new TaskEvent(
                task.getTaskId(),
                task.getAttempt(),
                task.getNodeId(),
                task.getNodeId() + "-1",
                "shop",
                TABLE,
                0L,
                new TaskProgress(0, 0L, 0L, 0L)));
      }
      scenario.run(10_200);
    }
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COPYING);
    scenario.hold(t -> false);
    scenario.run(20_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
  }

  @Test
  void a_task_that_nobody_answers_is_given_up() {
    reshardAndHold(CopyShard.class);
    scenario.run(260_000);

    assertUndone();
    assertThat(scenario.reshard(ID).getErrorMessage())
        .isEqualTo("Task shop-r1/2/copy failed after 20 attempts: no answer");
  }

  @Test
  void a_difference_fails_the_reshard_and_names_the_keys() {
    reshardAndHold(VerifyShard.class);
    scenario.nodes().corrupt(TABLE, 3, 90);
    scenario.hold(t -> false);
    scenario.run(5_000);

    assertUndone();
    Reshard failed = scenario.reshard(ID);
    assertThat(failed.getStatus()).isEqualTo(ReshardStatus.FAILED);
    assertThat(failed.getMismatches())
        .containsExactly(new Mismatch(90, 0, 3, 1L, 1L, List.of("90")));
    assertThat(failed.getErrorMessage())
        .isEqualTo("Verify found 1 virtual shards that differ: 90; keys (90)");
    assertThat(failed.getVerifyAttempt()).isEqualTo(2);
  }

  @Test
  void a_difference_stays_one_when_nobody_can_name_the_keys() {
    reshardAndHold(WriteFences.class);
    scenario.nodes().corrupt(TABLE, 3, 90);
    scenario.hold(t -> t instanceof ProvisionTask p && p.getTaskId().startsWith(ID + "-f2"));
    scenario.run(1_000);
    assertThat(scenario.reshard(ID).getMismatches()).hasSize(1);
    scenario.run(31_000);

    assertUndone();
    assertThat(scenario.reshard(ID).getMismatches())
        .containsExactly(new Mismatch(90, 0, 3, 1L, 1L, List.of()));
  }

  @Test
  void a_node_that_forgot_the_fence_makes_another_one_necessary() {
    reshardAndHold(WriteFences.class);
    scenario.nodes().restart("b");
    scenario.run(1_000);
    scenario.hold(t -> false);
    scenario.run(10_000);

    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(2);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
  }

  @Test
  void a_target_that_fell_behind_while_it_was_verified_is_not_switched_to() {
    reshardAndHold(WriteFences.class);
    scenario.nodes().lag(5_000);
    scenario.run(400);
    scenario.hold(t -> false);
    scenario.run(2_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.REPLAYING);
    assertThat(scenario.topology().getEpoch()).isEqualTo(1);

    scenario.nodes().lag(10);
    scenario.run(10_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(2);
  }

  @Test
  void the_switch_is_one_record_and_the_sources_stay_for_the_grace_period() {
    reshardAndHold(WriteFences.class);
    scenario.hold(t -> false);
    scenario.run(2_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.SWITCHING);
    assertThat(scenario.topology().getEpoch()).isEqualTo(2);
    assertThat(scenario.topology().getShards())
        .extracting(Shard::getStatus)
        .containsExactly(
            ShardStatus.TO_BE_DELETED,
            ShardStatus.TO_BE_DELETED,
            ShardStatus.ACTIVE,
            ShardStatus.ACTIVE,
            ShardStatus.ACTIVE);
    assertThat(scenario.nodes().shards()).hasSize(5);
    scenario.run(6_000);
    assertThat(scenario.nodes().shards()).hasSize(3);
  }

  @Test
  void a_node_lost_after_the_switch_does_not_take_it_back_and_the_sources_stay_until_it_is_there() {
    reshardAndHold(DropShard.class);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.SWITCHING);
    scenario.nodes().kill("a");
    scenario.hold(t -> false);
    scenario.run(40_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.SWITCHING);
    assertThat(scenario.topology().getEpoch()).isEqualTo(2);
    assertThat(scenario.nodes().shards()).hasSize(5);

    scenario.nodes().restart("a");
    scenario.run(20_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
    assertThat(scenario.nodes().shards()).hasSize(3);
  }

  @Test
  void an_operator_can_complete_a_reshard_though_a_node_is_lost_after_the_switch() {
    reshardAndHold(DropShard.class);
    scenario.nodes().kill("a");
    scenario.hold(t -> false);
    scenario.run(40_000);
    scenario.send(Commands.control("c3", ID, ReshardVerb.COMPLETE));
    scenario.run(1_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
  }
}
