package dev.shardstream.producer.snapshot;

import java.util.List;

/**
 * A log that begins behind a snapshot.
 *
 * @param snapshot the oldest one of its table
 * @param partitions ascending
 */
public record CutLog(String snapshot, List<Partition> partitions) {
  public CutLog {
    partitions = List.copyOf(partitions);
  }

  /** How many offsets of all partitions were cut off. */
  public long offsets() {
    return partitions.stream().mapToLong(each -> each.start() - each.before()).sum();
  }

  /**
   * One partition of the log.
   *
   * @param partition its number
   * @param before the first offset that it held
   * @param start the first offset that it holds now
   */
  public record Partition(int partition, long before, long start) {}
}
