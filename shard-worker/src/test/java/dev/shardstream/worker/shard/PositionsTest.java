package dev.shardstream.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.shard.Positions.Held;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionsTest {
  @TempDir Path directory;
  private final Positions positions =
      new Positions(List.of(new Held(70, 1, 25, 4), new Held(1, 0, 10, 2), new Held(64, 1, 30, 1)));

  @Test
  void a_partition_stands_at_the_least_of_its_virtual_shards() {
    assertThat(positions.toList()).containsExactly(new Position(0, 10), new Position(1, 25));
    assertThat(positions.rows()).isEqualTo(7);
    assertThat(positions.holds(64)).isTrue();
    assertThat(positions.holds(65)).isFalse();
  }

  @Test
  void a_virtual_shard_that_was_copied_further_on_stays_where_it_is() {
    assertThat(positions.advanced(Map.of(1, 28L), Map.of(70, -3L)))
        .isEqualTo(
            new Positions(
                List.of(new Held(1, 0, 10, 2), new Held(64, 1, 30, 1), new Held(70, 1, 28, 1))));
  }

  @Test
  void a_position_in_a_partition_that_is_not_held_does_not_count() {
    assertThat(positions.reached(List.of(new Position(0, 10), new Position(3, 99)))).isTrue();
    assertThat(positions.reached(List.of(new Position(0, 11)))).isFalse();
  }

  @Test
  void who_waits_for_a_position_is_told_when_it_is_published() {
    PositionBoard board = new PositionBoard(new ShardRef("t", 0), positions, Runnable::run);
    CompletableFuture<Boolean> near =
        board.reach(List.of(new Position(0, 11)), Duration.ofMinutes(1));
    CompletableFuture<Boolean> far =
        board.reach(List.of(new Position(0, 12)), Duration.ofMinutes(1));
    board.publish(positions.advanced(Map.of(0, 11L), Map.of()));
    assertThat(near).isCompletedWithValue(true);
    assertThat(far).isNotDone();
    board.close();
    assertThat(far).isCompletedExceptionally();
  }

  @Test
  void a_wait_ends_with_its_time() {
    PositionBoard board = new PositionBoard(new ShardRef("t", 0), positions, Runnable::run);
    assertThat(board.reach(List.of(new Position(0, 11)), Duration.ofMillis(20)))
        .succeedsWithin(Duration.ofMinutes(1))
        .isEqualTo(false);
    assertThat(board.reach(List.of(new Position(0, 10)), Duration.ZERO)).isCompletedWithValue(true);
  }

  private static final List<KeyRange> RANGES = Orders.ranges(100L, 200L);

  private static byte[] key(long id) {
    return OrderedKey.of(List.of(id));
  }

  private static Held segment(int range, long nextOffset, long rows) {
    return new Held(5, RANGES.get(range), 0, nextOffset, rows);
  }

  private final Positions apart =
      new Positions(List.of(segment(1, 20, 3), segment(0, 10, 2), segment(2, 15, 0)));

  @Test
  void a_row_is_in_the_segment_of_its_shard_key() {
    assertThat(apart.at(5, key(99))).contains(segment(0, 10, 2));
    assertThat(apart.at(5, key(100))).contains(segment(1, 20, 3));
    assertThat(apart.at(5, key(200))).contains(segment(2, 15, 0));
    assertThat(apart.at(6, key(200))).isEmpty();
    assertThat(apart.at(5, new byte[0])).contains(segment(0, 10, 2));
  }

  @Test
  void a_virtual_shard_in_segments_stands_at_the_least_of_them_and_is_not_held_as_one() {
    assertThat(apart.leastOf(5)).hasValue(10);
    assertThat(apart.least(0)).hasValue(10);
    assertThat(apart.of(5)).isEmpty();
    assertThat(apart.virtualShards()).containsExactly(5);
    assertThat(apart.rows()).isEqualTo(5);
  }

  @Test
  void segments_become_one_behind_the_first_batch_that_goes_past_all_of_them() {
    Positions between = apart.advanced(Map.of(0, 18L), Map.of(5, 4L));
    assertThat(between)
        .isEqualTo(new Positions(List.of(segment(0, 18, 6), segment(1, 20, 3), segment(2, 18, 0))));
    assertThat(between.advanced(Map.of(0, 20L), Map.of(5, -1L)))
        .isEqualTo(new Positions(List.of(new Held(5, KeyRanges.ALL, 0, 20, 8))));
  }

  @Test
  void segments_with_a_hole_between_them_stay_what_they_are() {
    Positions hole = new Positions(List.of(segment(0, 10, 2), segment(2, 10, 0)));
    assertThat(hole.advanced(Map.of(0, 30L), Map.of()))
        .isEqualTo(new Positions(List.of(segment(0, 30, 2), segment(2, 30, 0))));
    assertThat(hole.missing(5, KeyRanges.ALL)).containsExactly(RANGES.get(1));
  }

  @Test
  void what_is_missing_of_a_range_is_what_no_segment_has() {
    assertThat(apart.missing(5, KeyRanges.ALL)).isEmpty();
    assertThat(apart.missing(6, RANGES.get(1))).containsExactly(RANGES.get(1));
    Positions middle = new Positions(List.of(segment(1, 1, 1)));
    assertThat(middle.missing(5, KeyRanges.ALL)).containsExactly(RANGES.get(0), RANGES.get(2));
    assertThat(middle.missing(5, Orders.ranges(150L).get(0))).containsExactly(RANGES.get(0));
    assertThat(middle.missing(5, Orders.ranges(120L, 180L).get(1))).isEmpty();
  }

  @Test
  void a_part_of_several_segments_has_a_position_for_each() {
    assertThat(apart.within(5, Orders.ranges(50L, 150L).get(1), 9))
        .containsExactly(
            new Held(5, Orders.ranges(50L, 100L).get(1), 0, 10, 9),
            new Held(5, Orders.ranges(100L, 150L).get(1), 0, 20, 0));
  }

  @Test
  void positions_are_written_as_they_change() throws Exception {
    try (ShardFile file = Orders.ranged(directory, 0, KeyRanges.ALL, List.of())) {
      Positions none = PositionTable.read(file.writer());
      PositionTable.forget(file.writer(), 5);
      PositionTable.put(file.writer(), apart.held());
      assertThat(PositionTable.read(file.writer()).segments(5)).isEqualTo(apart.held());
      Positions before = PositionTable.read(file.writer());
      Positions after = before.advanced(Map.of(0, 50L), Map.of(5, 1L, 6, 2L));
      PositionTable.write(file.writer(), before, after);
      assertThat(PositionTable.read(file.writer())).isEqualTo(after);
      assertThat(after.held()).hasSize(none.held().size());
    }
  }
}
