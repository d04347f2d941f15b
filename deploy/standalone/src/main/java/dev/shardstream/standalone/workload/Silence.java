package dev.shardstream.standalone.workload;

import java.time.Duration;

/**
 * The longest time without a sign of life: an acknowledgement, an answer. Safe for several threads;
 * times are those of {@link System#nanoTime}.
 */
final class Silence {
  private long latest;
  private long longest;
  private boolean running;

  /** Starts to watch; now is as good as a sign. */
  synchronized void start(long nanoTime) {
    latest = nanoTime;
    longest = 0;
    running = true;
  }

  /** A sign of life. */
  synchronized void heard(long nanoTime) {
    if (running && nanoTime > latest) {
      longest = Math.max(longest, nanoTime - latest);
      latest = nanoTime;
    }
  }

  /** Whether there was a sign after that moment, while it watched. */
  synchronized boolean heardAfter(long nanoTime) {
    return running && latest > nanoTime;
  }

  /** Ends the watch; a silence that lasts until now counts. */
  synchronized Duration stop(long nanoTime) {
    heard(nanoTime);
    running = false;
    return Duration.ofNanos(longest);
  }
}
