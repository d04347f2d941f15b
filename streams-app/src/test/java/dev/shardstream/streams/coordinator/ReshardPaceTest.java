package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.Throttle;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How fast a reshard copies, and when it does not. */
class ReshardPaceTest {
  private static final String TABLE = Scenario.TABLE;
  private static final String ID = "shop-r1";

  private final Scenario scenario = new Scenario("a", "b");

  @BeforeEach
  void a_table_of_two_shards() {
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
  }

  /** Copies of a reshard to four shards; they are never done by themselves. */
  private void copying(ReshardOptions options) {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    scenario.send(Commands.reshard("c2", "orders", 4, options));
    scenario.run(1_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COPYING);
  }

  private List<Long> rates() {
    return scenario.copies(ID).values().stream().map(CopyShard::getThrottleRowsPerSecond).toList();
  }

  private List<Boolean> paused() {
    return scenario.copies(ID).values().stream().map(CopyShard::getPaused).toList();
  }

  private void done(int shard) {
    ShardTask task =
        scenario.waiting().stream()
            .filter(t -> t.getTask() instanceof CopyShard c && c.getShardId() == shard)
            .reduce((first, last) -> last)
            .orElseThrow();
    scenario.report(
        new TaskEvent(
            task.getTaskId(),
            task.getAttempt(),
            task.getNodeId(),
            task.getNodeId() + "-1",
            "shop",
            TABLE,
            0L,
            new TaskDone(null)));
  }

  @Test
  void a_rate_is_divided_over_the_targets_that_still_copy() {
    copying(new ReshardOptions(1_000L, null, false, false));
    assertThat(rates()).containsExactly(250L, 250L, 250L, 250L);
    done(2);
    done(3);
    scenario.run(200);

    assertThat(scenario.copies(ID).get(4).getThrottleRowsPerSecond()).isEqualTo(500);
    assertThat(scenario.copies(ID).get(5).getThrottleRowsPerSecond()).isEqualTo(500);
  }

  @Test
  void every_target_copies_at_least_a_row_a_second() {
    copying(new ReshardOptions(2L, null, false, false));

    assertThat(rates()).containsExactly(1L, 1L, 1L, 1L);
  }

  @Test
  void a_throttle_holds_until_its_time_is_over() {
    copying(new ReshardOptions(1_000L, null, false, false));
    long until = scenario.now() + 60_000;
    scenario.send(Commands.throttle("t", ID, 40, 60_000L));
    assertThat(scenario.reshard(ID).getThrottle()).isEqualTo(new Throttle(40L, until));
    assertThat(rates()).containsExactly(10L, 10L, 10L, 10L);
    scenario.run(59_000);
    scenario.restart();
    assertThat(rates()).containsExactly(10L, 10L, 10L, 10L);
    scenario.run(1_400);

    assertThat(rates()).containsExactly(250L, 250L, 250L, 250L);
    assertThat(scenario.reshard(ID).getThrottle()).isNull();
  }

  @Test
  void a_throttle_of_nothing_lets_it_go_as_fast_as_it_can() {
    copying(new ReshardOptions(1_000L, null, false, false));
    scenario.send(Commands.throttle("t", ID, 0, null));

    assertThat(rates()).isEqualTo(Arrays.asList(null, null, null, null));
  }

  @Test
  void paused_copies_are_told_to_wait_and_told_to_go_on() {
    copying(null);
    scenario.send(Commands.control("p", ID, ReshardVerb.PAUSE));
    assertThat(paused()).containsExactly(true, true, true, true);
    scenario.send(Commands.control("r", ID, ReshardVerb.RESUME));

    assertThat(paused()).containsExactly(false, false, false, false);
  }

  @Test
  void copies_that_end_though_they_were_paused_are_used_when_they_go_on() {
    copying(null);
    scenario.send(Commands.control("p", ID, ReshardVerb.PAUSE));
    for (int shard = 2; shard <= 5; shard++) {
      done(shard);
    }
    scenario.run(2_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COPYING);
    scenario.hold(t -> false);
    scenario.send(Commands.control("r", ID, ReshardVerb.RESUME));
    scenario.run(30_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.COMPLETE);
  }

  @Test
  void copies_back_off_above_the_bound_and_go_on_below_half_of_it() {
    copying(null);
    scenario.nodes().lag(TABLE, 0, 100_000);
    scenario.run(400);
    assertThat(backsOff()).isFalse();
    scenario.nodes().lag(TABLE, 0, 100_001);
    scenario.run(400);
    assertThat(backsOff()).isTrue();
    assertThat(paused()).containsExactly(true, true, true, true);
    scenario.nodes().lag(TABLE, 0, 50_000);
    scenario.run(400);
    assertThat(backsOff()).isTrue();
    scenario.nodes().lag(TABLE, 0, 49_999);
    scenario.run(400);

    assertThat(backsOff()).isFalse();
    assertThat(paused()).containsExactly(false, false, false, false);
  }

  private boolean backsOff() {
    Reshard reshard = scenario.reshard(ID);
    return reshard.getBackingOff();
  }

  @Test
  void copies_back_off_for_any_shard_on_a_node_that_takes_part_but_not_for_targets() {
    scenario.send(Commands.create("c3", "items", 1));
    scenario.run(1_000);
    copying(null);
    done(2);
    scenario.nodes().lag(TABLE, 2, 900_000);
    scenario.run(400);
    assertThat(backsOff()).isFalse();
    scenario.nodes().lag("shop-items-2", 0, 900_000);
    scenario.run(400);

    assertThat(backsOff()).isTrue();
  }

  @Test
  void a_pause_and_a_back_off_both_have_to_end() {
    copying(null);
    scenario.nodes().lag(TABLE, 0, 900_000);
    scenario.run(400);
    scenario.send(Commands.control("p", ID, ReshardVerb.PAUSE));
    scenario.nodes().lag(TABLE, 0, 0);
    scenario.run(400);
    assertThat(backsOff()).isFalse();
    assertThat(paused()).containsExactly(true, true, true, true);
  }
}
