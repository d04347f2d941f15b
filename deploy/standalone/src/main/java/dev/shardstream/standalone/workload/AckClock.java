package dev.shardstream.standalone.workload;

import java.time.Duration;

/** The longest time in which no write was acknowledged. Safe for several threads. */
final class AckClock {
  private long latest;
  private long longest;
  private boolean running;

  /** Starts to watch; a write is as good as acknowledged now. */
  synchronized void start(long nanoTime) {
    latest = nanoTime;
    longest = 0;
    running = true;
  }

  synchronized void acknowledged(long nanoTime) {
    if (running && nanoTime > latest) {
      longest = Math.max(longest, nanoTime - latest);
      latest = nanoTime;
    }
  }

  /** Ends the watch; a silence that lasts until now counts. */
  synchronized Duration stop(long nanoTime) {
    acknowledged(nanoTime);
    running = false;
    return Duration.ofNanos(longest);
  }
}
