package dev.shardstream.worker.shard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Tells those who wait for a definition of a shard's table. The owner thread publishes after each
 * adoption; any thread waits.
 */
public final class SchemaBoard {
  private static final int MOST_WAITERS = 10_000;

  private final ShardRef ref;
  private final List<Waiter> waiters = new ArrayList<>();
  private Table current;
  private boolean closed;

  private record Waiter(Predicate<Table> wanted, CompletableFuture<Boolean> reached) {}

  SchemaBoard(ShardRef ref, Table current) {
    this.ref = ref;
    this.current = current;
  }

  /**
   * Completes with true as soon as the shard's definition is as wanted, with false when the time is
   * over, with STALE_TOPOLOGY when the shard is closed meanwhile. What comes next runs in a thread
   * of the common pool.
   *
   * @throws ShardstreamException INTERNAL when too many wait already
   */
  public synchronized CompletableFuture<Boolean> reach(Predicate<Table> wanted, Duration maxWait) {
    if (wanted.test(current)) {
      return CompletableFuture.completedFuture(true);
    }
    if (closed) {
      return CompletableFuture.failedFuture(stale());
    }
    if (maxWait.isZero()) {
      return CompletableFuture.completedFuture(false);
    }
    waiters.removeIf(waiter -> waiter.reached().isDone());
    if (waiters.size() >= MOST_WAITERS) {
      throw new ShardstreamException(
          ErrorCode.INTERNAL, "too many wait for the schema of shard " + ref);
    }
    Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
    waiters.add(waiter);
    return waiter.reached().completeOnTimeout(false, maxWait.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized void publish(Table table) {
    current = table;
    for (Waiter waiter : waiters) {
      if (waiter.wanted().test(table)) {
        waiter.reached().completeAsync(() -> true);
      }
    }
    waiters.removeIf(waiter -> waiter.wanted().test(table));
  }

  synchronized void close() {
    closed = true;
    waiters.forEach(waiter -> waiter.reached().completeExceptionally(stale()));
    waiters.clear();
  }

  private ShardstreamException stale() {
    return new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref);
  }
}
