package dev.shardstream.schemas.contract;

/**
 * The next offset to apply in one partition of a table log. Positions order changes within one
 * partition and mean nothing else: transaction markers leave gaps, so a difference is no count.
 *
 * @param partition 0-based
 * @param offset the next offset to apply, 0 or more
 */
public record Position(int partition, long offset) {
  public Position {
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException("No such position: " + partition + "@" + offset);
    }
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
