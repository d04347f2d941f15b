package dev.shardstream.worker.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.worker.Accounts;
import dev.shardstream.worker.shard.Rejection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SegmentTest {
  private static LogEntry at(int partition, long offset) {
    return new LogEntry.Unreadable(new Rejection(partition, offset, 0, "POISON", "", 0));
  }

  private static LogEntry.Fenced fence(int partition, long offset, String id) {
    return new LogEntry.Fenced(partition, offset, 0, id, 1_000 + offset, 1);
  }

  @Test
  void without_a_fence_that_someone_waits_for_there_is_one_segment() {
    List<LogEntry> entries = List.of(at(0, 1), fence(0, 2, "other"), at(0, 3));
    assertThat(Segment.cut(entries, "mine"::equals))
        .containsExactly(new Segment(entries, Map.of()));
  }

  @Test
  void an_empty_batch_is_one_empty_segment() {
    assertThat(Segment.cut(List.of(), id -> true))
        .containsExactly(new Segment(List.of(), Map.of()));
  }

  @Test
  void each_partition_ends_exactly_at_its_fence_and_one_commit_serves_all_of_them() {
    List<LogEntry> entries =
        List.of(at(0, 1), fence(0, 2, "f"), at(0, 3), at(1, 7), fence(1, 9, "f"), at(2, 4));
    assertThat(Segment.cut(entries, "f"::equals))
        .containsExactly(
            new Segment(
                List.of(at(0, 1), fence(0, 2, "f"), at(1, 7), fence(1, 9, "f"), at(2, 4)),
                Map.of(0, fence(0, 2, "f"), 1, fence(1, 9, "f"))),
            new Segment(List.of(at(0, 3)), Map.of()));
  }

  @Test
  void two_fences_in_one_partition_make_two_cuts() {
    List<LogEntry> entries = List.of(fence(0, 2, "f"), at(0, 3), fence(0, 5, "g"));
    assertThat(Segment.cut(entries, id -> true))
        .containsExactly(
            new Segment(List.of(fence(0, 2, "f")), Map.of(0, fence(0, 2, "f"))),
            new Segment(List.of(at(0, 3), fence(0, 5, "g")), Map.of(0, fence(0, 5, "g"))),
            new Segment(List.of(), Map.of()));
  }

  @Test
  void each_partition_ends_at_a_rule_and_goes_on_behind_it() {
    LogEntry.Ruled first = new LogEntry.Ruled(0, 2, 0, Accounts.unique(1, true, 1, 3));
    LogEntry.Ruled second = new LogEntry.Ruled(0, 4, 0, Accounts.unique(1, false, 1, 3));
    List<LogEntry> entries = List.of(at(0, 1), first, at(0, 3), at(1, 7), second, at(1, 8));
    List<Segment> segments = Segment.cut(entries, id -> true);
    assertThat(segments)
        .containsExactly(
            new Segment(List.of(at(0, 1), first, at(1, 7), at(1, 8)), Map.of()),
            new Segment(List.of(at(0, 3), second), Map.of()),
            new Segment(List.of(), Map.of()));
    assertThat(segments.get(1).rules()).containsExactly(second);
  }

  @Test
  void a_segment_reaches_behind_its_last_entry_of_each_partition() {
    assertThat(new Segment(List.of(at(0, 1), at(3, 9), at(0, 4)), Map.of()).reached())
        .isEqualTo(Map.of(0, 5L, 3, 10L));
  }
}
