package dev.shardstream.schemas.access;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * So many requests a second for each name, and as many at once after a pause. The names are those
 * of a file of principals, so there are few.
 */
public final class RateLimit {
  private static final double NANOS = 1e9;

  private final int perSecond;
  private final LongSupplier nanos;
  private final Map<String, Bucket> buckets = new HashMap<>();

  private static final class Bucket {
    private double left;
    private long filled;
  }

  /**
   * @param perSecond 0 for no limit
   * @param nanos a clock that never goes back, like {@code System::nanoTime}
   */
  public RateLimit(int perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
  }

  int perSecond() {
    return perSecond;
  }

  /** Whether one more request of that name is within the limit. */
  synchronized boolean take(String name) {
    if (perSecond == 0) {
      return true;
    }
    long time = nanos.getAsLong();
    Bucket bucket = buckets.computeIfAbsent(name, first -> full(time));
    bucket.left = Math.min(perSecond, bucket.left + (time - bucket.filled) / NANOS * perSecond);
    bucket.filled = time;
    if (bucket.left < 1) {
      return false;
    }
    bucket.left--;
    return true;
  }

  private Bucket full(long time) {
    Bucket bucket = new Bucket();
    bucket.left = perSecond;
    bucket.filled = time;
    return bucket;
  }
}
