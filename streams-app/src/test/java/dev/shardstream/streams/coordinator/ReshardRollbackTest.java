package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way back after the switch, and the end of the grace period. */
class ReshardRollbackTest extends HeldReshard {
  @Test
  void a_reshard_is_rolled_back_to_sources_that_have_followed_the_table() {
    reshardAndHold(Void.class, new ReshardOptions(null, 3_600_000L, false, false));
    scenario.send(
        Commands.alter(
            "c3",
            "orders",
            new AddColumn(new ColumnDefinition("extra", TypeName.TEXT, null, true, null), false)));
    scenario.run(2_000);
    assertThat(scenario.results("c3")).endsWith("APPLIED");

    control(ReshardVerb.ROLLBACK);
    control(ReshardVerb.COMPLETE);
    assertOnlyTheFirstShardsAreLeft();
    assertThat(scenario.nodes().version(TABLE, 0)).isEqualTo(2);
  }

  @Test
  void a_rollback_is_one_record_and_the_targets_stay_for_the_grace_period() {
    reshardAndHold(Void.class, null);
    control(ReshardVerb.ROLLBACK);

    assertThat(scenario.topology().getEpoch()).isEqualTo(3);
    assertThat(scenario.topology().getShards())
        .extracting(Shard::getId, Shard::getStatus)
        .containsExactly(
            tuple(0, ShardStatus.ACTIVE),
            tuple(1, ShardStatus.ACTIVE),
            tuple(2, ShardStatus.TO_BE_DELETED),
            tuple(3, ShardStatus.TO_BE_DELETED),
            tuple(4, ShardStatus.TO_BE_DELETED));
    scenario.restart();
    scenario.run(4_000);
    assertThat(scenario.nodes().shards()).hasSize(5);
    scenario.run(4_000);
    assertThat(scenario.reshard(ID).getPhases())
        .extracting(ReshardPhase::getStatus)
        .containsExactly(
            ReshardStatus.QUEUED,
            ReshardStatus.COPYING,
            ReshardStatus.REPLAYING,
            ReshardStatus.VERIFYING,
            ReshardStatus.SWITCHING,
            ReshardStatus.SWITCHING,
            ReshardStatus.ROLLED_BACK);
    assertThat(scenario.topology())
        .isEqualTo(Topology.newBuilder(before).setNextShardId(5).setEpoch(3).build());
    assertThat(scenario.results("c2")).endsWith("ACCEPTED", "REJECTED RESHARD_ROLLED_BACK");
    assertThat(scenario.message("c2"))
        .isEqualTo("Reshard 'shop-r1' of table 'orders' was rolled back");
    assertOnlyTheFirstShardsAreLeft();
  }

  @Test
  void a_rollback_is_refused_while_a_source_is_behind_or_gone() {
    reshardAndHold(Void.class, new ReshardOptions(null, 3_600_000L, false, false));
    scenario.nodes().lag(TABLE, 1, 5_000);
    scenario.run(400);
    scenario.send(Commands.control("behind", ID, ReshardVerb.ROLLBACK));
    scenario.nodes().lag(TABLE, 1, 0);
    scenario.nodes().follow("a", false);
    scenario.send(
        Commands.alter(
            "c3",
            "orders",
            new AddColumn(new ColumnDefinition("extra", TypeName.TEXT, null, true, null), false)));
    scenario.run(1_000);
    scenario.send(Commands.control("old", ID, ReshardVerb.ROLLBACK));
    scenario.nodes().kill("a");
    scenario.run(11_000);
    scenario.send(Commands.control("gone", ID, ReshardVerb.ROLLBACK));

    assertThat(
            List.of(scenario.message("behind"), scenario.message("old"), scenario.message("gone")))
        .containsExactly(
            "Cannot roll back reshard 'shop-r1': source shard 1 on node 'b' is 5000 offsets behind,"
                + " and at most 1000 are allowed: try again when it has caught up",
            "Cannot roll back reshard 'shop-r1': source shard 0 on node 'a' has not followed its"
                + " table to version 2 and its indexes: try again in a moment",
            "Cannot roll back reshard 'shop-r1': source shard 0 on node 'a' does not apply the log:"
                + " start its node again");
    assertThat(scenario.topology().getEpoch()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void complete_ends_the_grace_period_also_of_a_rollback(boolean isRolledBack) {
    reshardAndHold(Void.class, new ReshardOptions(null, 3_600_000L, false, false));
    if (isRolledBack) {
      control(ReshardVerb.ROLLBACK);
    }
    scenario.run(60_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.SWITCHING);
    control(ReshardVerb.COMPLETE);
    scenario.run(1_000);

    assertThat(scenario.status(ID))
        .isEqualTo(isRolledBack ? ReshardStatus.ROLLED_BACK : ReshardStatus.COMPLETE);
  }

  @Test
  void a_target_lost_after_the_rollback_does_not_hold_it_up() {
    reshardAndHold(DropShard.class, new ReshardOptions(null, 3_600_000L, false, false));
    control(ReshardVerb.ROLLBACK);
    scenario.nodes().kill("a");
    control(ReshardVerb.COMPLETE);
    scenario.hold(t -> false);
    scenario.run(40_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.ROLLED_BACK);
  }
}
