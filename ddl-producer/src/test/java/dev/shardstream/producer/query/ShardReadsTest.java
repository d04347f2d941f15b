package dev.shardstream.producer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.QueryHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShardReadsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ShardReads.BatchSink NOWHERE = (call, rows) -> {};

  private final AtomicInteger busy = new AtomicInteger();
  private volatile Answer answering = new Rows(0);
  private final ShardReads reads = new ShardReads();

  @AfterEach
  void close() {
    Thread.interrupted(); // as a test that failed may have left it
    reads.close();
  }

  private interface Answer {
    List<Position> of(int shard, ShardClient.AnswerSink sink);
  }

  /** Answers with so many rows, the shard's id in each. */
  private record Rows(long rows) implements Answer {
    @Override
    public List<Position> of(int shard, ShardClient.AnswerSink sink) {
      List<Position> positions = List.of(new Position(shard, 1));
      sink.header(new QueryHeader(List.of("a"), positions));
      for (long i = 0; i < rows; i++) {
        sink.row(new ArrayList<>(List.of((long) shard, i)));
      }
      return positions;
    }
  }

  private List<List<Position>> run(List<ShardReads.Call> calls, ShardReads.BatchSink sink) {
    return reads.run(calls, 2, LIMIT, sink);
  }

  private List<ShardReads.Call> calls(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ShardReads.Call(500, sink -> answer(i, sink)))
        .toList();
  }

  private List<Position> answer(int shard, ShardClient.AnswerSink sink) {
    Answer now = answering;
    busy.incrementAndGet();
    try {
      return now.of(shard, sink);
    } finally {
      busy.decrementAndGet();
    }
  }

  @Test
  void rows_of_one_shard_come_in_order_and_positions_by_shard() {
    answering = new Rows(1203);
    List<List<Long>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

    List<List<Position>> positions =
        run(calls(3), (call, rows) -> rows.forEach(row -> seen.get(call).add((Long) row.get(1))));

    assertThat(positions)
        .containsExactly(
            List.of(new Position(0, 1)), List.of(new Position(1, 1)), List.of(new Position(2, 1)));
    List<Long> all = IntStream.range(0, 1203).mapToObj(i -> (long) i).toList();
    assertThat(seen).containsExactly(all, all, all);
  }

  @Test
  void a_failure_frees_the_threads_that_read_other_shards() {
    answering = new Rows(Long.MAX_VALUE);

    assertThatThrownBy(
            () ->
                run(
                    calls(5),
                    (call, rows) -> {
                      throw new ShardstreamException(ErrorCode.ROW_LIMIT, 1);
                    }))
        .hasMessage(ErrorCode.ROW_LIMIT.text(1));
    await().atMost(LIMIT).untilAsserted(() -> assertThat(busy).hasValue(0));

    answering = new Rows(1);
    List<@Nullable Object> seen = new ArrayList<>();
    run(calls(4), (call, rows) -> seen.add(call));
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void an_interrupted_caller_gets_an_error_and_stays_interrupted() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    answering =
        (shard, sink) -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new ShardUnavailableException(
                new ShardAddress("t", shard, "n1", "http://localhost:1"), "interrupted", e);
          }
          return List.of();
        };
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> run(calls(2), (call, rows) -> {}))
        .hasMessage("The statement was interrupted");
    assertThat(Thread.interrupted()).isTrue();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(busy).hasValue(0));
  }

  @Test
  void a_statement_whose_shards_do_not_answer_holds_no_other_one_up() {
    CountDownLatch release = new CountDownLatch(1);
    answering =
        (shard, sink) -> {
          awaitDespiteInterrupts(release);
          return List.of(new Position(shard, 7));
        };
    CompletableFuture<List<List<Position>>> waiting =
        CompletableFuture.supplyAsync(() -> run(calls(2), NOWHERE));
    try {
      await().atMost(LIMIT).untilAsserted(() -> assertThat(busy).hasValue(2));
      answering = new Rows(1);
      assertThat(CompletableFuture.supplyAsync(() -> run(calls(3), NOWHERE))).succeedsWithin(LIMIT);
      assertThat(waiting).isNotDone();
    } finally {
      release.countDown();
    }
    assertThat(waiting)
        .succeedsWithin(LIMIT)
        .isEqualTo(List.of(List.of(new Position(0, 7)), List.of(new Position(1, 7))));
  }

  @Test
  void one_statement_asks_no_more_shards_at_a_time_than_it_may() {
    AtomicInteger most = new AtomicInteger();
    answering =
        (shard, sink) -> {
          most.accumulateAndGet(busy.get(), Math::max);
          return new Rows(1203).of(shard, sink);
        };
    List<Integer> seen = new ArrayList<>();
    run(calls(9), (call, rows) -> seen.add(call));
    assertThat(seen).hasSize(9 * 3).contains(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  void a_statement_over_its_time_is_told_so_whether_rows_come_or_not() {
    CountDownLatch never = new CountDownLatch(1);
    Answer silent =
        (shard, sink) -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return List.of();
        };
    for (Answer slow : List.of(silent, new Rows(Long.MAX_VALUE))) {
      answering = slow;
      assertThatThrownBy(() -> reads.run(calls(3), 2, Duration.ofMillis(50), NOWHERE))
          .isInstanceOfSatisfying(
              ShardstreamException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_TIMEOUT))
          .hasMessage(
              "The statement ran longer than 50 ms: 3 of 3 shards have not answered to the end");
      await().atMost(LIMIT).untilAsserted(() -> assertThat(busy).hasValue(0));
    }
  }

  @Test
  void who_waits_when_it_is_closed_is_told_whether_its_shards_were_asked_or_not() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    answering =
        (shard, sink) -> {
          awaitDespiteInterrupts(release);
          return List.of();
        };
    try {
      CompletableFuture<?> asked = CompletableFuture.runAsync(() -> run(calls(2), NOWHERE));
      await().atMost(LIMIT).untilAsserted(() -> assertThat(busy).hasValue(2));
      CompletableFuture<?> behind = CompletableFuture.runAsync(() -> run(calls(2), NOWHERE));

      reads.close();

      for (CompletableFuture<?> one : List.of(asked, behind)) {
        assertThat(one)
            .failsWithin(LIMIT)
            .withThrowableThat()
            .havingCause()
            .withMessage("The client was closed before the statement was answered");
      }
      assertThatThrownBy(() -> run(calls(1), NOWHERE))
          .hasMessage("The client was closed before the statement was answered");
    } finally {
      release.countDown();
    }
  }

  private static void awaitDespiteInterrupts(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // As a call that is on its way to its end and does not look.
      }
    }
  }
}
