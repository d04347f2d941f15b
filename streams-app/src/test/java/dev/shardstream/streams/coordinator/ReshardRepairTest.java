package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.VerifyShard;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReshardRepairTest {
  private static final String TABLE = Scenario.TABLE;
  private static final String ID = "shop-r1";
  private static final ReshardOptions REPAIR = new ReshardOptions(null, null, false, true);

  private final Scenario scenario = new Scenario("a", "b");

  @BeforeEach
  void a_reshard_that_will_find_two_differences() {
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
    scenario.hold(tasks(VerifyShard.class));
    scenario.send(Commands.reshard("c2", "orders", 3, REPAIR));
    scenario.run(3_000);
    scenario.nodes().corrupt(TABLE, 3, 90);
    scenario.nodes().corrupt(TABLE, 4, 250);
  }

  private static Predicate<Object> tasks(Class<?> kind) {
    return t -> t instanceof ShardTask s && kind.isInstance(s.getTask());
  }

  private static boolean isRepair(Object task) {
    return task instanceof ShardTask s && s.getTask() instanceof CopyShard;
  }

  @Test
  void what_differs_is_copied_again_and_a_whole_verify_follows() {
    scenario.hold(ReshardRepairTest::isRepair);
    scenario.run(5_000);
    Reshard repairing = scenario.reshard(ID);
    assertThat(repairing.getStatus()).isEqualTo(ReshardStatus.COPYING);
    assertThat(repairing.getMismatches())
        .containsExactly(
            new Mismatch(90, 0, 3, 1L, 1L, List.of("90")),
            new Mismatch(250, 1, 4, 1L, 1L, List.of("250")));
    assertThat(scenario.waiting())
        .extracting(ShardTask::getTaskId)
        .containsExactly(ID + "/3/repair1", ID + "/4/repair1");
    assertThat(scenario.copies(ID).get(3).getRepair()).isEqualTo(1);
    assertThat(scenario.copies(ID).get(3).getCopyAgain()).containsExactly(90);
    assertThat(scenario.copies(ID).get(4).getCopyAgain()).containsExactly(250);

    scenario.hold(t -> false);
    scenario.run(10_000);
    Reshard done = scenario.reshard(ID);
    assertThat(done.getStatus()).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(done.getRepairs()).isEqualTo(1);
    assertThat(done.getMismatches()).isEmpty();
    assertThat(done.getVerifyAttempt()).as("whole, names, whole").isEqualTo(3);
    assertThat(done.getPhases())
        .extracting(ReshardPhase::getStatus)
        .containsExactly(
            ReshardStatus.QUEUED,
            ReshardStatus.COPYING,
            ReshardStatus.REPLAYING,
            ReshardStatus.VERIFYING,
            ReshardStatus.COPYING,
            ReshardStatus.REPLAYING,
            ReshardStatus.VERIFYING,
            ReshardStatus.SWITCHING,
            ReshardStatus.COMPLETE);
  }

  @Test
  void a_difference_that_comes_back_for_ever_fails_after_three_repairs() {
    scenario.nodes().repairsHelp(false);
    scenario.hold(t -> false);
    scenario.run(30_000);

    Reshard failed = scenario.reshard(ID);
    assertThat(failed.getStatus()).isEqualTo(ReshardStatus.FAILED);
    assertThat(failed.getRepairs()).isEqualTo(3);
    assertThat(failed.getErrorMessage())
        .isEqualTo("Verify found 2 virtual shards that differ: 90,250; keys (90), (250)");
  }

  @Test
  void what_is_said_late_of_the_first_copy_does_not_end_a_repair() {
    scenario.hold(ReshardRepairTest::isRepair);
    scenario.run(5_000);
    for (int shard : List.of(3, 4)) {
      String node = scenario.reshard(ID).getTargets().get(shard - 2).getNodeId();
      scenario.report(
          new TaskEvent(
              ID + "/" + shard + "/copy",
              1,
              node,
              node + "-1",
              "shop",
              TABLE,
              0L,
              new TaskDone(null)));
    }
    scenario.run(5_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COPYING);
  }

  @Test
  void a_repair_outlives_a_pause_while_the_difference_is_named_and_a_restart() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTaskId().startsWith(ID + "-f2"));
    scenario.run(1_000);
    assertThat(scenario.reshard(ID).getMismatches()).hasSize(2);
    scenario.send(Commands.control("p", ID, ReshardVerb.PAUSE));
    scenario.restart();
    scenario.hold(t -> false);
    scenario.run(5_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.VERIFYING);
    scenario.send(Commands.control("r", ID, ReshardVerb.RESUME));
    scenario.run(15_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.reshard(ID).getRepairs()).isEqualTo(1);
  }

  @Test
  void a_node_lost_in_a_repair_fails_it() {
    scenario.hold(ReshardRepairTest::isRepair);
    scenario.run(5_000);
    scenario.nodes().kill("a");
    scenario.run(31_000);

    assertThat(scenario.reshard(ID).getErrorMessage())
        .isEqualTo("Node 'a' has sent no heartbeat for 30 s");
  }
}
