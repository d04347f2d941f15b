package dev.shardstream.worker.apply;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How an applier is doing; written by its thread, read by any. */
public final class ApplyStatus {
  private final AtomicLong appliedChanges = new AtomicLong();
  private volatile Map<Integer, Long> ends = Map.of();
  private volatile @Nullable String failure;

  /** Changes applied since the process started, refused ones included. */
  public long appliedChanges() {
    return appliedChanges.get();
  }

  /** By partition, the end offset that a read-committed reader can reach, where it is known. */
  public Map<Integer, Long> ends() {
    return ends;
  }

  /** Why the shard stands still; empty while it applies or waits for Kafka or the registry. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  void applied(long changes) {
    appliedChanges.addAndGet(changes);
  }

  void sawEnds(Map<Integer, Long> seen) {
    ends = Map.copyOf(seen);
  }

  /** Returns whether that is news. */
  boolean failed(String reason) {
    boolean news = !reason.equals(failure);
    failure = reason;
    return news;
  }

  /** Returns whether that is news. */
  boolean works() {
    boolean news = failure != null;
    failure = null;
    return news;
  }
}
