package dev.shardstream.worker.shard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Shows how far a shard has got, and tells those who wait for a position. The owner thread
 * publishes after each commit; any thread reads and waits.
 */
public final class PositionBoard implements AutoCloseable {
  private static final int MOST_WAITERS = 10_000;

  private final ShardRef ref;
  private final Executor notifications;
  private final List<Waiter> waiters = new ArrayList<>();
  private volatile Positions current;
  private boolean closed;

  private record Waiter(List<Position> wanted, CompletableFuture<Boolean> reached) {}

  /**
   * @param notifications runs what the waiters do next, so that it never runs in the owner thread
   */
  public PositionBoard(ShardRef ref, Positions positions, Executor notifications) {
    this.ref = ref;
    this.current = positions;
    this.notifications = notifications;
  }

  public Positions current() {
    return current;
  }

  /** To be called after the transaction that wrote these positions is committed. */
  public void publish(Positions positions) {
    current = positions;
    synchronized (this) {
      for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
        Waiter waiter = each.next();
        if (waiter.reached().isDone()) {
          each.remove();
        } else if (positions.reached(waiter.wanted())) {
          each.remove();
          waiter.reached().completeAsync(() -> true, notifications);
        }
      }
    }
  }

  /**
   * Completes with true as soon as the shard has reached the positions, with false when the time is
   * over, with STALE_TOPOLOGY when the shard is closed meanwhile.
   *
   * @throws ShardstreamException WRITE_NOT_APPLIED when too many wait already
   */
  public CompletableFuture<Boolean> reach(List<Position> wanted, Duration maxWait) {
    if (current.reached(wanted)) {
      return CompletableFuture.completedFuture(true);
    }
    if (maxWait.isZero()) {
      return CompletableFuture.completedFuture(false);
    }
    CompletableFuture<Boolean> reached = new CompletableFuture<>();
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(stale());
      }
      waiters.removeIf(waiter -> waiter.reached().isDone());
      if (waiters.size() >= MOST_WAITERS) {
        throw new ShardstreamException(ErrorCode.WRITE_NOT_APPLIED, wanted, 0);
      }
      waiters.add(new Waiter(wanted, reached));
    }
    // Between the first look and the entry in the list the owner may have published.
    if (current.reached(wanted)) {
      reached.complete(true);
    }
    return reached.completeOnTimeout(false, maxWait.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void close() {
    closed = true;
    waiters.forEach(waiter -> waiter.reached().completeExceptionally(stale()));
    waiters.clear();
  }

  private ShardstreamException stale() {
    return new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref);
  }
}
