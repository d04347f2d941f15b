package dev.shardstream.worker.fresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A clock, a log and an applier that the tests move; virtual shard 0 is in partition 0, 64 in 1.
 */
class FreshnessWatchTest {
  private static final ShardRef REF = new ShardRef("default-orders-1", 0);
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(5).toNanos());
  private final Kafka kafka = new Kafka();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final FreshnessWatch watch = new FreshnessWatch(kafka, clock::get, metrics);
  private final PositionBoard board = new PositionBoard(REF, at(0, 0), Runnable::run);
  private final Freshness shard = watch.of(REF, board);

  /** Answers when it is told to. */
  private static final class Kafka implements LogEnds {
    private final Deque<Map<LogPartition, CompletableFuture<Long>>> asked = new ArrayDeque<>();

    @Override
    public Map<LogPartition, CompletableFuture<Long>> ask(Set<LogPartition> partitions) {
      Map<LogPartition, CompletableFuture<Long>> ends = new HashMap<>();
      partitions.forEach(partition -> ends.put(partition, new CompletableFuture<>()));
      asked.add(ends);
      return ends;
    }

    /** Answers the oldest question: partition 0 and 1 of a table end there. */
    private void answer(long... offsets) {
      asked.remove().forEach((partition, end) -> end.complete(offsets[partition.partition()]));
    }

    /** Does not say where partition 1 ends, but where partition 0 does. */
    private void answerWithoutPartition1(long offset) {
      asked
          .remove()
          .forEach(
              (partition, end) -> {
                if (partition.partition() == 0) {
                  end.complete(offset);
                } else {
                  end.completeExceptionally(new TimeoutException("no leader"));
                }
              });
    }
  }

  private static Positions at(long first, long second) {
    return new Positions(
        List.of(new Positions.Held(0, 0, first, 0), new Positions.Held(64, 1, second, 0)));
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private boolean isFresh() {
    return shard.reach(BOUND, Duration.ZERO).join();
  }

  private void assertStale(Duration staleness) {
    assertThat(shard.staleness()).contains(staleness);
    assertThat(metrics.get("shardstream_worker_lag_seconds").gauge().value())
        .isEqualTo(staleness.toMillis() / 1000.0);
  }

  @Test
  void a_shard_of_an_idle_log_stays_fresh() {
    shard.follow();
    for (int second = 0; second < 100; second++) {
      watch.round();
      kafka.answer(0, 0);
      assertThat(isFresh()).isTrue();
      pass(Duration.ofSeconds(1));
      assertStale(Duration.ofSeconds(1));
    }
  }

  @Test
  void a_shard_that_starts_again_does_not_know_what_it_missed_until_it_has_asked_and_applied() {
    shard.follow();
    assertThat(isFresh()).isFalse();
    watch.round();
    kafka.answer(0, 7);
    assertThat(isFresh()).isFalse();
    pass(Duration.ofSeconds(2));
    assertThat(shard.staleness()).contains(Duration.ofSeconds(2));
    board.publish(at(0, 7));
    assertThat(isFresh()).isTrue();
    assertThat(shard.staleness()).contains(Duration.ofSeconds(2));
  }

  @Test
  void a_process_that_was_frozen_between_asking_and_the_answer_is_as_stale_as_its_question() {
    shard.follow();
    watch.round();
    pass(Duration.ofMinutes(5));
    kafka.answer(0, 0);
    assertThat(isFresh()).isFalse();
    assertStale(Duration.ofMinutes(5));
  }

  @Test
  void a_process_that_was_frozen_after_the_answer_knows_that_it_does_not_know() {
    shard.follow();
    watch.round();
    kafka.answer(0, 0);
    pass(BOUND);
    assertThat(isFresh()).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(isFresh()).isFalse();
    watch.round();
    kafka.answer(3, 0);
    assertThat(isFresh()).isFalse();
    board.publish(at(3, 0));
    assertThat(isFresh()).isTrue();
    assertStale(Duration.ZERO);
  }

  @Test
  void a_shard_that_lags_is_as_stale_as_the_oldest_end_that_it_has_reached() {
    shard.follow();
    for (int second = 0; second < 40; second++) {
      watch.round();
      kafka.answer(10 * second, 0);
      pass(Duration.ofSeconds(1));
    }
    board.publish(at(55, 0));
    assertStale(Duration.ofSeconds(35));
    assertThat(isFresh()).isFalse();
    board.publish(at(100, 0));
    assertStale(Duration.ofSeconds(30));
    assertThat(isFresh()).isTrue();
  }

  @Test
  void a_shard_that_never_catches_up_has_a_bounded_number_of_questions_open() {
    shard.follow();
    for (int second = 0; second < 100; second++) {
      watch.round();
      pass(Duration.ofSeconds(1));
    }
    assertThat(kafka.asked).hasSize(64);
    kafka.answer(0, 0);
    assertStale(Duration.ofSeconds(100));
    watch.round();
    assertThat(kafka.asked).hasSize(64);
  }

  @Test
  void a_partition_that_is_away_keeps_only_those_waiting_who_need_it() {
    ShardRef elsewhere = new ShardRef("default-orders-1", 1);
    Freshness other =
        watch.of(
            elsewhere,
            new PositionBoard(
                elsewhere, new Positions(List.of(new Positions.Held(1, 0, 4, 0))), Runnable::run));
    shard.follow();
    other.follow();
    board.publish(at(4, 4));
    watch.round();
    kafka.answerWithoutPartition1(4);
    assertThat(isFresh()).isFalse();
    assertThat(other.reach(BOUND, Duration.ZERO).join()).isTrue();
    watch.round();
    kafka.answer(4, 4);
    assertThat(isFresh()).isTrue();
  }

  @Test
  void who_waits_is_told_by_a_question_that_was_asked_late_enough() {
    shard.follow();
    watch.round();
    pass(Duration.ofMillis(10));
    CompletableFuture<Boolean> wanted = shard.reach(Duration.ofMillis(1), PATIENCE);
    watch.round();
    pass(Duration.ofMillis(10));
    CompletableFuture<Boolean> later = shard.reach(Duration.ofMillis(1), PATIENCE);
    kafka.answer(0, 0);
    assertThat(wanted).isNotDone();
    kafka.answer(0, 0);
    assertThat(wanted).isCompletedWithValue(true);
    assertThat(later).isNotDone();
  }

  @Test
  void readers_that_one_question_serves_do_not_ask_another() {
    shard.follow();
    watch.round();
    CompletableFuture<Boolean> one = shard.reach(BOUND, PATIENCE);
    CompletableFuture<Boolean> other = shard.reach(BOUND, PATIENCE);
    watch.round();
    assertThat(kafka.asked).hasSize(1);
    kafka.answer(0, 0);
    assertThat(List.of(one.join(), other.join())).containsExactly(true, true);
  }

  @Test
  void when_many_wait_already_the_next_one_is_told_at_once_that_it_is_in_vain() {
    shard.follow();
    List<CompletableFuture<Boolean>> waiting =
        IntStream.range(0, 64).mapToObj(i -> shard.reach(BOUND, PATIENCE)).toList();
    assertThat(shard.reach(BOUND, PATIENCE)).isCompletedWithValue(false);
    watch.round();
    kafka.answer(0, 0);
    assertThat(waiting).allSatisfy(one -> assertThat(one).isCompletedWithValue(true));
    pass(BOUND.multipliedBy(2));
    assertThat(shard.reach(BOUND, PATIENCE)).isNotDone();
  }

  @Test
  void a_shard_that_is_copied_again_forgets_what_it_knew() {
    shard.follow();
    watch.round();
    kafka.answer(0, 0);
    watch.round();
    shard.rest();
    assertThat(shard.staleness()).isEqualTo(Optional.empty());
    shard.follow();
    kafka.answer(0, 0);
    assertThat(isFresh()).isFalse();
    watch.round();
    kafka.answer(0, 0);
    assertThat(isFresh()).isTrue();
  }

  @Test
  void a_question_that_cannot_be_asked_is_asked_again() {
    FreshnessWatch closed =
        new FreshnessWatch(
            partitions -> {
              throw new IllegalStateException("the client is closed");
            },
            clock::get,
            metrics);
    Freshness unlucky = closed.of(REF, board);
    unlucky.follow();
    for (int i = 0; i < 100; i++) {
      closed.round();
    }
    assertThat(unlucky.question()).isPresent();
  }

  @Test
  void a_shard_that_is_closed_tells_those_who_wait_and_is_not_asked_for() {
    shard.follow();
    CompletableFuture<Boolean> waiting = shard.reach(BOUND, PATIENCE);
    shard.close();
    assertThatThrownBy(waiting::join)
        .hasCause(new ShardstreamException(ErrorCode.STALE_TOPOLOGY, REF));
    watch.round();
    assertThat(kafka.asked).isEmpty();
    assertThat(metrics.find("shardstream_worker_lag_seconds").gauges()).isEmpty();
  }
}
