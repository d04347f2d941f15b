package dev.shardstream.streams;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often failed stream threads are replaced: often enough to outlive a registry or broker that
 * is away for a while, not so often that a bug spins for ever.
 */
final class ThreadReplacements {
  private static final int MOST = 30;
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final Clock clock;
  private final Deque<Long> times = new ArrayDeque<>();

  ThreadReplacements(Clock clock) {
    this.clock = clock;
  }

  /** Whether one more failed thread may be replaced now; counts it. */
  synchronized boolean mayReplace() {
    long now = clock.millis();
    times.add(now);
    while (now - times.getFirst() > WINDOW.toMillis()) {
      times.removeFirst();
    }
    return times.size() <= MOST;
  }
}
