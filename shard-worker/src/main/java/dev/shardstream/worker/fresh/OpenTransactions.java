package dev.shardstream.worker.fresh;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where transactions keep the logs from being read: a read-committed reader waits in front of the
 * first one that is open, whatever was committed behind it. One that nobody ends looks like a log
 * that stands still.
 */
final class OpenTransactions {
  private final Map<LogPartition, Sight> sights = new HashMap<>();

  /**
   * A partition as it was last seen.
   *
   * @param stable the end that a read-committed reader can reach
   * @param end the end behind that
   * @param since from when on it has stood still with something behind it, nanoseconds
   */
  private record Sight(long stable, long end, long since) {}

  /**
   * How a log stands.
   *
   * @param nanos for how long the partition that has waited longest has
   * @param offsets behind the stable ends, of all its partitions
   */
  record Held(long nanos, long offsets) {
    private Held and(Held other) {
      return new Held(Math.max(nanos, other.nanos), offsets + other.offsets);
    }
  }

  /** Where a partition ends, at a moment that is not before the last one. */
  void see(LogPartition partition, long stable, long end, long nanoTime) {
    Sight before = sights.get(partition);
    boolean stands =
        before != null && before.stable() == stable && before.end() > stable && end > stable;
    sights.put(partition, new Sight(stable, end, stands ? before.since() : nanoTime));
  }

  /** Forgets all other partitions. */
  void keep(Set<LogPartition> partitions) {
    sights.keySet().retainAll(partitions);
  }

  /** By table id. */
  Map<String, Held> byTable(long nanoTime) {
    Map<String, Held> tables = new TreeMap<>();
    sights.forEach(
        (partition, sight) -> {
          long offsets = Math.max(0, sight.end() - sight.stable());
          long nanos = offsets == 0 ? 0 : nanoTime - sight.since();
          tables.merge(partition.tableId(), new Held(nanos, offsets), Held::and);
        });
    return tables;
  }
}
