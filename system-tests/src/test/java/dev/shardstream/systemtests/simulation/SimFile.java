package dev.shardstream.systemtests.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A shard file. Transactions are atomic and a killed process loses none. A power cut may lose the
 * last ones that were not synced, as {@code synchronous=NORMAL} allows, always from the end.
 */
final class SimFile {
  private static final int MOST_UNSYNCED = 12;

  /** What a power cut may leave, the oldest first; the last is what every process sees. */
  private final Deque<ShardContent> states = new ArrayDeque<>();

  private boolean wasMade;

  /** A transaction commits. */
  void commit(ShardContent content) {
    states.add(content);
    while (states.size() > MOST_UNSYNCED) {
      states.poll();
      wasMade = true;
    }
  }

  /** All that is committed stays, whatever happens. */
  void sync() {
    ShardContent last = states.getLast();
    states.clear();
    states.add(last);
    wasMade = true;
  }

  /** What the file holds; null for one whose making was lost. */
  @Nullable ShardContent content() {
    return states.peekLast();
  }

  void loseUnsynced(Dice dice) {
    int left = dice.between(wasMade ? 1 : 0, Math.max(wasMade ? 1 : 0, states.size()));
    while (states.size() > left) {
      states.pollLast();
    }
    wasMade = !states.isEmpty();
  }
}
