package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.event.VerifyShard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReshardControlsTest extends HeldReshard {
  private static final ReshardOptions MANUAL = new ReshardOptions(null, null, true, false);

  @ParameterizedTest
  @ValueSource(classes = {CreateShard.class, CopyShard.class, VerifyShard.class})
  void a_paused_reshard_stays_in_its_phase_until_it_is_resumed(Class<?> held) {
    reshardAndHold(held, null);
    ReshardStatus phase = scenario.status(ID);
    control(ReshardVerb.PAUSE);
    scenario.hold(t -> false);
    scenario.run(60_000);
    scenario.restart();
    scenario.run(60_000);

    assertThat(scenario.status(ID)).isEqualTo(phase);
    assertThat(scenario.topology().getEpoch()).isEqualTo(1);
    control(ReshardVerb.RESUME);
    scenario.run(20_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
  }

  @Test
  void a_paused_reshard_that_replays_stays_there() {
    scenario.nodes().lag(5_000);
    reshardAndHold(Void.class, null);
    control(ReshardVerb.PAUSE);
    scenario.nodes().lag(0);
    scenario.run(60_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.REPLAYING);
    control(ReshardVerb.RESUME);
    scenario.run(20_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
  }

  @Test
  void a_verify_that_was_paused_is_void() {
    reshardAndHold(VerifyShard.class, null);
    control(ReshardVerb.PAUSE);
    assertThat(scenario.state().round(ID)).isEmpty();
    scenario.hold(t -> false);
    scenario.run(5_000);
    control(ReshardVerb.RESUME);
    scenario.run(20_000);

    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(2);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
  }

  @Test
  void a_verb_waits_for_no_other_command_on_the_table() {
    reshardAndHold(CopyShard.class, null);
    scenario.hold(t -> true);
    scenario.send(
        Commands.alter(
            "c3",
            "orders",
            new AddColumn(new ColumnDefinition("extra", TypeName.TEXT, null, true, null), false)));
    scenario.run(1_000);
    assertThat(scenario.results("c3")).doesNotContain("ACCEPTED");

    control(ReshardVerb.CANCEL);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.CANCELLED);
  }

  @Test
  void a_fault_fails_a_paused_reshard() {
    reshardAndHold(CopyShard.class, null);
    control(ReshardVerb.PAUSE);
    scenario.nodes().kill("a");
    scenario.run(31_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.FAILED);
    assertThat(scenario.reshard(ID).getPaused()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(classes = {CreateShard.class, CopyShard.class, VerifyShard.class})
  void a_cancelled_reshard_leaves_the_table_as_it_was(Class<?> held) {
    reshardAndHold(held, null);
    control(ReshardVerb.CANCEL);

    assertThat(scenario.topology())
        .isEqualTo(Topology.newBuilder(before).setNextShardId(5).build());
    assertThat(scenario.results("c2")).endsWith("ACCEPTED", "REJECTED RESHARD_CANCELLED");
    assertThat(scenario.message("c2"))
        .isEqualTo("Reshard 'shop-r1' of table 'orders' was cancelled");
    assertThat(scenario.reshard(ID).getErrorCode()).isNull();
    assertOnlyTheFirstShardsAreLeft();
  }

  @Test
  void a_manual_cutover_waits_until_it_is_asked_for_and_verifies_again() {
    reshardAndHold(Void.class, MANUAL);
    scenario.run(60_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.VERIFYING);
    assertThat(scenario.reshard(ID).getVerifiedAttempt()).isEqualTo(1);
    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(1);
    assertThat(scenario.reshard(ID).getDigestsCompared()).isEqualTo(256);
    scenario.restart();

    control(ReshardVerb.SWITCH);
    scenario.run(2_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.SWITCHING);
    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(2);
    assertThat(scenario.topology().getEpoch()).isEqualTo(2);
  }

  @Test
  void a_difference_that_came_while_a_switch_was_waited_for_is_found() {
    reshardAndHold(Void.class, MANUAL);
    scenario.nodes().corrupt(TABLE, 3, 90);
    control(ReshardVerb.SWITCH);
    scenario.run(5_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.FAILED);
    assertThat(scenario.reshard(ID).getErrorMessage())
        .isEqualTo("Verify found 1 virtual shards that differ: 90; keys (90)");
  }

  @Test
  void a_switch_that_was_asked_for_early_does_not_wait() {
    reshardAndHold(CopyShard.class, MANUAL);
    control(ReshardVerb.SWITCH);
    scenario.hold(t -> false);
    scenario.run(2_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.SWITCHING);
    assertThat(scenario.reshard(ID).getVerifyAttempt()).isEqualTo(1);
  }

  @Test
  void a_difference_stays_one_over_a_pause_though_it_is_not_there_any_more() {
    reshardAndHold(VerifyShard.class, null);
    scenario.nodes().corrupt(TABLE, 3, 90);
    scenario.hold(t -> t instanceof ShardTask s && s.getTaskId().startsWith(ID + "-f2"));
    scenario.run(1_000);
    assertThat(scenario.reshard(ID).getMismatches()).hasSize(1);
    control(ReshardVerb.PAUSE);
    scenario.nodes().mend();
    scenario.hold(t -> false);
    scenario.run(1_000);
    control(ReshardVerb.RESUME);
    scenario.run(10_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.FAILED);
    assertThat(scenario.reshard(ID).getErrorMessage())
        .isEqualTo("Verify found 1 virtual shards that differ: 90");
  }
}
