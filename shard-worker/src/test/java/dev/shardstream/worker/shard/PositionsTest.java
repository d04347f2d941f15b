package dev.shardstream.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.Position;
import dev.shardstream.worker.shard.Positions.Held;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PositionsTest {
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
        .succeedsWithin(Duration.ofSeconds(10))
        .isEqualTo(false);
    assertThat(board.reach(List.of(new Position(0, 10)), Duration.ZERO)).isCompletedWithValue(true);
  }
}
