package dev.shardstream.worker.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.worker.Accounts;
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
}
