package dev.shardstream.worker;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.worker.catalog.Catalog;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The catalog in memory: what a test puts there is the newest definition. */
public final class FakeCatalog implements Catalog {
  private final Map<String, Table> newest = new HashMap<>();

  public synchronized void put(Table table) {
    newest.put(table.getTableId(), table);
    notifyAll();
  }

  @Override
  public synchronized Optional<Table> newest(String tableId) {
    return Optional.ofNullable(newest.get(tableId));
  }

  @Override
  public Optional<TraceContext> trace(String tableId) {
    return Optional.empty();
  }

  @Override
  public synchronized Optional<Table> await(
      String tableId, Predicate<Table> wanted, Duration maxWait) {
    long deadline = System.nanoTime() + maxWait.toNanos();
    try {
      for (long left = maxWait.toNanos();
          left > 0 && newest(tableId).filter(wanted).isEmpty();
          left = deadline - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return newest(tableId);
  }
}
