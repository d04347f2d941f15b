package dev.shardstream.worker.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.worker.Accounts;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandingTest {
  private static final Positions.Held EARLY = new Positions.Held(1, 0, 5, 2);
  private static final Positions.Held LATE = new Positions.Held(2, 0, 8, 0);
  private static final Standing STANDING =
      new Standing(new Positions(List.of(EARLY, LATE)), RulesInForce.NONE);

  private static LogEntry at(int virtualShard, long offset) {
    return new LogEntry.Unreadable(new Rejection(0, offset, virtualShard, "POISON", "", 0));
  }

  private static LogEntry.Ruled rule(long offset) {
    return new LogEntry.Ruled(0, offset, 0, Accounts.unique(1, true, 1, 3));
  }

  @Test
  void an_entry_concerns_a_shard_that_holds_its_virtual_shard_and_is_not_behind_it() {
    assertThat(STANDING.concerns(at(1, 5))).isTrue();
    assertThat(STANDING.concerns(at(2, 7))).isFalse();
    assertThat(STANDING.concerns(at(3, 9))).isFalse();
  }

  @Test
  void a_rule_is_news_for_the_virtual_shards_that_are_not_behind_it() {
    assertThat(STANDING.ruled(rule(6))).containsExactly(1);
    assertThat(STANDING.concerns(rule(6))).isTrue();
    assertThat(STANDING.concerns(rule(4))).isFalse();
  }

  @Test
  void behind_a_segment_positions_and_rules_have_moved_and_nothing_has_gone_back() {
    LogEntry.Ruled rule = rule(6);
    Segment segment = new Segment(List.of(at(1, 5), rule), Map.of());
    Standing after = STANDING.after(segment, segment.reached(), Map.of(1, -1L));
    assertThat(after)
        .isEqualTo(
            new Standing(
                new Positions(List.of(new Positions.Held(1, 0, 7, 1), LATE)), after.inForce()));
    assertThat(after.inForce().of(1).unique()).containsExactly(rule.rule());
    assertThat(after.inForce().of(2).unique()).isEmpty();
  }

  private static Standing ranged(Positions.Held... segments) {
    return new Standing(
        new Positions(List.of(segments)), RulesInForce.NONE, ShardKeys.of(Orders.RANGED));
  }

  private static Positions.Held segment(long id, int range, long nextOffset) {
    return new Positions.Held(
        Orders.virtualShard(id),
        Orders.ranges(100L).get(range),
        Orders.partition(id),
        nextOffset,
        0);
  }

  @Test
  void a_change_of_a_key_outside_of_the_range_does_not_concern_a_shard() {
    assertThat(ranged(segment(7, 0, 5)).concerns(change(5, 7))).isTrue();
    assertThat(ranged(segment(7, 1, 5)).concerns(change(5, 7))).isFalse();
  }

  @Test
  void a_change_concerns_a_shard_when_it_is_not_behind_the_segment_of_its_key() {
    Standing apart = ranged(segment(7, 0, 5), segment(7, 1, 3));
    assertThat(apart.concerns(change(4, 7))).isFalse();
    assertThat(apart.concerns(change(5, 7))).isTrue();
    Standing other = ranged(segment(7, 0, 3), segment(7, 1, 5));
    assertThat(other.concerns(change(4, 7))).isTrue();
  }

  @Test
  void a_record_of_no_known_row_concerns_the_shard_of_the_least_key_only() {
    LogEntry unknown =
        new LogEntry.Unreadable(
            new Rejection(Orders.partition(7), 6, Orders.virtualShard(7), "POISON", "", 0));
    assertThat(ranged(segment(7, 0, 5)).concerns(unknown)).isTrue();
    assertThat(ranged(segment(7, 1, 5)).concerns(unknown)).isFalse();
    LogEntry known =
        new LogEntry.Unreadable(
            new Rejection(Orders.partition(7), 6, Orders.virtualShard(7), "POISON", "", 0),
            Orders.key(700));
    assertThat(ranged(segment(7, 0, 5)).concerns(known)).isFalse();
    assertThat(ranged(segment(7, 1, 5)).concerns(known)).isTrue();
  }

  @Test
  void a_rule_is_news_once_for_a_virtual_shard_as_long_as_one_of_its_segments_is_not_behind_it() {
    LogEntry.Ruled rule =
        new LogEntry.Ruled(Orders.partition(7), 4, 0, Accounts.unique(1, true, 1, 3));
    assertThat(ranged(segment(7, 0, 9), segment(7, 1, 3)).ruled(rule))
        .containsExactly(Orders.virtualShard(7));
    assertThat(ranged(segment(7, 0, 3), segment(7, 1, 2)).ruled(rule))
        .containsExactly(Orders.virtualShard(7));
    assertThat(ranged(segment(7, 0, 9), segment(7, 1, 5)).ruled(rule)).isEmpty();
  }

  private static LogEntry change(long offset, long id) {
    return new LogEntry.Changed(Orders.upsert(offset, id, "c"));
  }
}
