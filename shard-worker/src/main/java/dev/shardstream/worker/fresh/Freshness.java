package dev.shardstream.worker.fresh;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.ShardRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * As of when one shard has everything: a moment such that all ends of its logs that were asked for
 * after it are applied. The moment is taken before the question is sent, so whatever happens
 * between asking, answering and applying makes the shard staler and never fresher.
 *
 * <p>Safe for several threads.
 */
public final class Freshness implements AutoCloseable {
  private static final int MOST_OPEN = 64;

  /** While a question is open, another one serves nobody before this time is over. */
  private static final long SPACING_NANOS = Duration.ofSeconds(1).toNanos();

  /** How long a question can help a shard that is behind. */
  private static final Duration LONGEST_CATCH_UP = Duration.ofHours(1);

  private final ShardRef ref;
  private final PositionBoard board;
  private final LongSupplier nanoTime;
  private final Semaphore places;
  private final Runnable askSoon;
  private final Consumer<Freshness> closing;
  private final List<Waiter> waiters = new ArrayList<>();

  private @Nullable Following following;
  private boolean closed;

  private record Waiter(long least, CompletableFuture<Boolean> reached) {}

  /** From when an applier follows the log until another one does, or none. */
  private static final class Following {
    private final long since;
    private @Nullable Long asOf;
    private long newestAsked;
    private int open;

    private Following(long since) {
      this.since = since;
      this.newestAsked = since;
    }
  }

  /**
   * @param nanoTime must not stand still while the process is stopped
   * @param places one for each reader of the node that may wait
   * @param askSoon called when somebody waits for a question
   * @param closing called once
   */
  public Freshness(
      ShardRef ref,
      PositionBoard board,
      LongSupplier nanoTime,
      Semaphore places,
      Runnable askSoon,
      Consumer<Freshness> closing) {
    this.ref = ref;
    this.board = board;
    this.nanoTime = nanoTime;
    this.places = places;
    this.askSoon = askSoon;
    this.closing = closing;
  }

  public ShardRef ref() {
    return ref;
  }

  /** An applier begins to follow the log: as of when it has everything is not known. */
  public synchronized void follow() {
    following = new Following(nanoTime.getAsLong());
  }

  /** No applier follows the log. */
  public synchronized void rest() {
    following = null;
  }

  /**
   * For how long the shard may have missed what was written; until it is known for the first time,
   * since when it has followed its log. Empty when it follows none.
   */
  public synchronized Optional<Duration> staleness() {
    return Optional.ofNullable(following)
        .map(
            f ->
                Duration.ofNanos(
                    nanoTime.getAsLong() - (f.asOf == null ? (Long) f.since : f.asOf)));
  }

  /**
   * Completes with true as soon as the shard has everything as of so long before this call, with
   * false when the time is over or too many wait already, with STALE_TOPOLOGY when the shard is
   * closed meanwhile. Asks at once when it has to wait.
   */
  public CompletableFuture<Boolean> reach(Duration bound, Duration maxWait) {
    Waiter waiter;
    synchronized (this) {
      waiter = new Waiter(nanoTime.getAsLong() - bound.toNanos(), new CompletableFuture<>());
      if (hasEverythingAsOf(waiter.least())) {
        return CompletableFuture.completedFuture(true);
      }
      if (closed) {
        return CompletableFuture.failedFuture(gone());
      }
      waiters.removeIf(each -> each.reached().isDone());
      if (maxWait.isZero() || !places.tryAcquire()) {
        return CompletableFuture.completedFuture(false);
      }
      waiters.add(waiter);
    }
    askSoon.run();
    return waiter
        .reached()
        .completeOnTimeout(false, maxWait.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((reached, failure) -> places.release());
  }

  private boolean hasEverythingAsOf(long moment) {
    Following now = following;
    return now != null && now.asOf != null && now.asOf - moment >= 0;
  }

  /** A question that is worth asking, which is asked from this moment on. */
  public synchronized Optional<Question> question() {
    Following now = following;
    long moment = nanoTime.getAsLong();
    if (now == null || now.open >= MOST_OPEN || !isWorthAsking(now, moment)) {
      return Optional.empty();
    }
    now.open++;
    now.newestAsked = moment;
    Set<LogPartition> partitions =
        board.current().leastByPartition().keySet().stream()
            .map(partition -> new LogPartition(ref.tableId(), partition))
            .collect(Collectors.toUnmodifiableSet());
    return Optional.of(new Question(now, moment, partitions));
  }

  private boolean isWorthAsking(Following now, long moment) {
    return now.open == 0
        || moment - now.newestAsked >= SPACING_NANOS
        || waiters.stream()
            .anyMatch(waiter -> !waiter.reached().isDone() && waiter.least() - now.newestAsked > 0);
  }

  /** Where the shard's logs end. To be answered or given up, once. */
  public final class Question {
    private final Following asker;
    private final long moment;
    private final Set<LogPartition> partitions;

    private Question(Following asker, long moment, Set<LogPartition> partitions) {
      this.asker = asker;
      this.moment = moment;
      this.partitions = partitions;
    }

    ShardRef shard() {
      return ref;
    }

    /** What has to be asked for. */
    public Set<LogPartition> partitions() {
      return partitions;
    }

    /**
     * @param ends of all {@link #partitions()} at least
     */
    public void answered(Map<LogPartition, Long> ends) {
      List<Position> wanted =
          partitions.stream().map(p -> new Position(p.partition(), ends.get(p))).toList();
      board
          .reach(wanted, LONGEST_CATCH_UP)
          .whenComplete((reached, failure) -> settle(asker, moment, failure == null && reached));
    }

    /** There will be no answer. */
    public void unanswered() {
      settle(asker, moment, false);
    }
  }

  private synchronized void settle(Following asker, long moment, boolean reached) {
    asker.open--;
    // A shard that was copied again since may have gone back in its log.
    if (!reached || asker != following) {
      return;
    }
    if (asker.asOf == null || moment - asker.asOf > 0) {
      asker.asOf = moment;
    }
    waiters.stream()
        .filter(waiter -> hasEverythingAsOf(waiter.least()))
        .forEach(waiter -> waiter.reached().complete(true));
    waiters.removeIf(waiter -> waiter.reached().isDone());
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      following = null;
      waiters.forEach(waiter -> waiter.reached().completeExceptionally(gone()));
      waiters.clear();
    }
    closing.accept(this);
  }

  private ShardstreamException gone() {
    return new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref);
  }
}
