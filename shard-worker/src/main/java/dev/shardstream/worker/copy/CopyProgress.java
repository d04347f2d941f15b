package dev.shardstream.worker.copy;

import dev.shardstream.schemas.event.TaskProgress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How far one copy is; counted by its thread, read by any. */
public final class CopyProgress {
  private final AtomicInteger virtualShards = new AtomicInteger();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong rowsLocally = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();

  /** Virtual shards that the target has, with their rows: they count as copied. */
  void present(int count, long rowsInThem) {
    virtualShards.set(count);
    rows.set(rowsInThem);
  }

  /** One virtual shard more is there. */
  void whole() {
    virtualShards.incrementAndGet();
  }

  void copied(long copiedRows, boolean locally, long took) {
    rows.addAndGet(copiedRows);
    if (locally) {
      rowsLocally.addAndGet(copiedRows);
    }
    nanos.addAndGet(took);
  }

  /** As an event. */
  public TaskProgress toEvent() {
    return new TaskProgress(
        virtualShards.get(), rows.get(), rowsLocally.get(), nanos.get() / 1_000_000);
  }
}
