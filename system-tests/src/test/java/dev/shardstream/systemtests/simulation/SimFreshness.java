package dev.shardstream.systemtests.simulation;

import dev.shardstream.worker.fresh.Freshness;
import dev.shardstream.worker.fresh.LogPartition;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardRef;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * As of when a shard has everything, by the worker's own rules: questions to Kafka where its log
 * ends, and answers that are late, lost, or there when the process wakes up again.
 */
final class SimFreshness implements AutoCloseable {
  private static final int MOST_ASKED = 3;
  private static final int LOST = 40;
  private static final int MOST_READERS = 64;

  private final World world;
  private final String tableId;
  private final PositionBoard board;
  private final Freshness freshness;
  private final Deque<Asked> asked = new ArrayDeque<>();
  private boolean follows;

  /**
   * A question on its way.
   *
   * @param question null in a mutant, which does not keep when it asked
   * @param ends as they were when it was asked; null when they are those of when it is answered
   */
  private record Asked(
      long answeredAt,
      Freshness.@Nullable Question question,
      @Nullable Map<LogPartition, Long> ends) {}

  SimFreshness(World world, ShardRef ref, Positions positions) {
    this.world = world;
    this.tableId = ref.tableId();
    this.board = new PositionBoard(ref, positions, Runnable::run);
    this.freshness =
        new Freshness(
            ref,
            board,
            () -> TimeUnit.MILLISECONDS.toNanos(world.now()),
            new Semaphore(MOST_READERS),
            () -> {},
            one -> {});
  }

  /** A transaction is committed. */
  void committed(Positions positions) {
    board.publish(positions);
  }

  /** The shard has an applier, or it has none while it is copied. */
  void follow(boolean hasApplier) {
    if (follows != hasApplier) {
      follows = hasApplier;
      if (hasApplier) {
        freshness.follow();
      } else {
        freshness.rest();
      }
    }
  }

  boolean isAsOf(long millisAgo) {
    return freshness.reach(Duration.ofMillis(millisAgo), Duration.ZERO).join();
  }

  /** An answer is told when the shard has got there, which is when it begins to count. */
  void work(SimLog log) {
    while (!asked.isEmpty() && asked.peek().answeredAt() <= world.now()) {
      Asked next = asked.remove();
      Asked answered =
          new Asked(
              next.answeredAt(), next.question(), next.ends() == null ? ends(log) : next.ends());
      if (!hasReached(answered)) {
        asked.addFirst(answered);
        break;
      }
      tell(answered);
    }
    if (asked.size() < MOST_ASKED && world.dice().oneIn(2)) {
      ask(log);
    }
  }

  private static Map<LogPartition, Long> endsOf(Asked answered) {
    return Objects.requireNonNull(answered.ends());
  }

  private boolean hasReached(Asked answered) {
    return endsOf(answered).entrySet().stream()
        .allMatch(
            end ->
                board.current().least(end.getKey().partition()).orElse(end.getValue())
                    >= end.getValue());
  }

  private void tell(Asked answered) {
    if (answered.question() == null) {
      freshness.question().ifPresent(question -> question.answered(endsOf(answered)));
    } else if (world.isWild() && world.dice().oneIn(LOST)) {
      answered.question().unanswered();
    } else {
      answered.question().answered(endsOf(answered));
    }
  }

  private void ask(SimLog log) {
    boolean isWild = world.isWild();
    long answeredAt =
        world.now() + (isWild && world.dice().oneIn(6) ? world.dice().below(4_000) : 0);
    if (world.has(Mutant.FRESH_AS_OF_THE_ANSWER)) {
      asked.add(new Asked(answeredAt, null, ends(log)));
      return;
    }
    boolean early = world.dice().oneIn(2);
    freshness
        .question()
        .ifPresent(
            question -> asked.add(new Asked(answeredAt, question, early ? ends(log) : null)));
  }

  private Map<LogPartition, Long> ends(SimLog log) {
    Map<LogPartition, Long> ends = new HashMap<>();
    for (int partition = 0; partition < log.partitions(); partition++) {
      ends.put(new LogPartition(tableId, partition), log.end(partition, world.now()));
    }
    return ends;
  }

  @Override
  public void close() {
    freshness.close();
    board.close();
  }
}
