package dev.shardstream.streams.order;

import dev.shardstream.streams.record.CommandProgress;
import java.util.Comparator;

/**
 * A command's place in the order of all commands of its database. A command is always behind those
 * that it depends on, and otherwise where it came.
 *
 * @param rank the sequence of the last that came of it and its dependencies, over any number of
 *     steps
 * @param depth the longest way from it to the command of that sequence
 * @param sequence its own place in the log
 */
public record OrderKey(long rank, int depth, long sequence) implements Comparable<OrderKey> {
  private static final Comparator<OrderKey> ORDER =
      Comparator.comparingLong(OrderKey::rank)
          .thenComparingInt(OrderKey::depth)
          .thenComparingLong(OrderKey::sequence);

  static OrderKey of(CommandProgress progress) {
    return new OrderKey(progress.getRank(), progress.getDepth(), progress.getSequence());
  }

  @Override
  public int compareTo(OrderKey other) {
    return ORDER.compare(this, other);
  }
}
