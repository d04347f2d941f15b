package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** VERIFY against the log, with nodes that do what they are told. */
class VerifyScenariosTest {
  private static final String TABLE = Scenario.TABLE;
  private static final String ID = "shop-r1";

  private final Scenario scenario = new Scenario("a", "b");
  private Topology before;

  @BeforeEach
  void a_table_of_three_shards() {
    scenario.send(Commands.create("c1", "orders", 3));
    scenario.run(1_000);
    before = scenario.topology();
  }

  private void verify(String id) {
    scenario.send(Commands.of(id, new VerifyTable("orders", null, true)));
  }

  private void assertAsBefore() {
    assertThat(scenario.topology())
        .isEqualTo(Topology.newBuilder(before).setNextShardId(6).build());
    assertThat(scenario.nodes().shards())
        .containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/1", TABLE + "/2");
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void every_shard_is_rebuilt_from_the_log_beside_it_compared_and_dropped() {
    verify("c2");
    scenario.run(10_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.reshard(ID).getDigestsCompared()).isEqualTo(256);
    assertThat(scenario.reshard(ID).getSwitchedAt()).isNull();
    assertThat(scenario.reshard(ID).getPhases())
        .extracting(ReshardPhase::getStatus)
        .containsExactly(
            ReshardStatus.QUEUED,
            ReshardStatus.COPYING,
            ReshardStatus.REPLAYING,
            ReshardStatus.VERIFYING,
            ReshardStatus.COMPLETE);
    assertAsBefore();
  }

  @Test
  void nothing_is_copied_and_the_topology_never_gives_the_table_away() {
    verify("c2");
    scenario.run(10_000);

    List<Object> works =
        scenario.journal().stream()
            .filter(d -> d instanceof Decision.ShardTaskIssued)
            .map(d -> ((Decision.ShardTaskIssued) d).task())
            .filter(t -> ID.equals(t.getChangeLogId()))
            .map(ShardTask::getTask)
            .toList();
    assertThat(works).noneMatch(w -> w instanceof CopyShard);
    assertThat(works.stream().filter(w -> w instanceof CreateShard))
        .hasSize(3)
        .allMatch(w -> ((CreateShard) w).getFromLogStart());
    assertThat(scenario.journal())
        .filteredOn(d -> d instanceof Decision.TopologyStored)
        .allMatch(d -> ((Decision.TopologyStored) d).topology().getEpoch() == 1);
  }

  @Test
  void a_difference_is_named_and_the_table_serves_as_before() {
    scenario.nodes().corrupt(TABLE, 0, 7);
    verify("c2");
    scenario.run(10_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "REJECTED RESHARD_FAILED");
    assertThat(scenario.reshard(ID).getErrorCode()).isEqualTo("VERIFY_MISMATCH");
    assertThat(scenario.reshard(ID).getMismatches())
        .containsExactly(new Mismatch(7, 0, 3, 1L, 1L, List.of("7")));
    assertAsBefore();
  }

  @Test
  void a_node_that_is_lost_ends_it() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof VerifyShard);
    verify("c2");
    scenario.run(3_000);
    scenario.nodes().kill("b");
    scenario.run(31_000);

    assertThat(scenario.results("c2")).endsWith("REJECTED RESHARD_FAILED");
    assertThat(scenario.reshard(ID).getErrorMessage())
        .isEqualTo("Node 'b' has sent no heartbeat for 30 s");
    assertThat(scenario.topology())
        .isEqualTo(Topology.newBuilder(before).setNextShardId(6).build());
  }

  @Test
  void one_that_differed_can_be_tried_again_when_the_cause_is_gone() {
    scenario.nodes().corrupt(TABLE, 3, 7);
    verify("c2");
    scenario.run(10_000);
    scenario.send(Commands.control("retry", ID, ReshardVerb.RETRY));
    scenario.run(10_000);

    assertThat(scenario.results("retry")).endsWith("APPLIED");
    assertThat(scenario.topology())
        .isEqualTo(Topology.newBuilder(before).setNextShardId(9).build());
  }

  @Test
  void it_is_refused_while_the_table_is_being_resharded_and_with_options_of_a_switch() {
    scenario.send(
        Commands.of(
            "manual",
            new VerifyTable("orders", new ReshardOptions(null, null, true, false), true)));
    scenario.send(Commands.reshard("reshard", "orders", 2));
    verify("busy");

    assertThat(scenario.state().result("manual").orElseThrow().getMessage())
        .isEqualTo("Invalid argument: a verify switches nothing and repairs nothing");
    assertThat(scenario.results("busy")).containsExactly("REJECTED RESHARD_IN_PROGRESS");
  }

  @Test
  void a_verify_that_a_restart_interrupts_goes_on() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof VerifyShard);
    verify("c2");
    scenario.run(2_000);
    scenario.restart();
    scenario.hold(t -> false);
    scenario.run(10_000);

    assertThat(scenario.results("c2")).endsWith("APPLIED");
    assertAsBefore();
  }
}
