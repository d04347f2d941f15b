package dev.shardstream.standalone.workload;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One row whose number only grows: what was acknowledged when, so that a reader's answer has an
 * age. Safe for several threads.
 */
final class Pulse {
  /** An acknowledged number. */
  record Beat(long number, long ackedAtNanos) {}

  private static final int KEPT = 10_000;

  private final Deque<Beat> beats = new ArrayDeque<>();

  synchronized void acknowledged(Beat beat) {
    beats.addLast(beat);
    if (beats.size() > KEPT) {
      beats.removeFirst();
    }
  }

  synchronized @Nullable Beat latest() {
    return beats.peekLast();
  }

  /**
   * How old an answer was: the time since the first number was acknowledged that a read started at
   * {@code readAtNanos} did not see. 0 when it saw everything.
   */
  synchronized long stalenessNanos(long numberSeen, long readAtNanos) {
    for (Beat beat : beats) {
      if (beat.number() > numberSeen) {
        return Math.max(0, readAtNanos - beat.ackedAtNanos());
      }
    }
    return 0;
  }
}
