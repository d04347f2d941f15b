package dev.shardstream.systemtests.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last things that happened, for whoever has to understand a failure. */
final class Trace {
  private static final int KEPT = 120;

  private final Deque<String> lines = new ArrayDeque<>();

  void note(long now, String what) {
    if (lines.size() == KEPT) {
      lines.poll();
    }
    lines.add(now + " " + what);
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
