package dev.shardstream.streams;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often failed stream threads are replaced: not so often that a bug spins for ever. A thread
 * that has waited in vain for the registry does not count: it has waited long, and the next one
 * does so again, for as long as the registry is away.
 */
final class ThreadReplacements {
  private static final int MOST = 30;
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final Clock clock;
  private final Deque<Long> times = new ArrayDeque<>();

  ThreadReplacements(Clock clock) {
    this.clock = clock;
  }

  /** Whether a thread that has ended by this failure may be replaced now; counts it. */
  synchronized boolean mayReplace(Throwable failure) {
    if (hasWaitedForTheRegistry(failure)) {
      return true;
    }
    long now = clock.millis();
    times.add(now);
    while (now - times.getFirst() > WINDOW.toMillis()) {
      times.removeFirst();
    }
    return times.size() <= MOST;
  }

  private static boolean hasWaitedForTheRegistry(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ShardstreamException known
          && known.code() == ErrorCode.REGISTRY_UNREACHABLE) {
        return true;
      }
    }
    return false;
  }
}
