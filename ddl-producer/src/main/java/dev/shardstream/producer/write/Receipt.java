package dev.shardstream.producer.write;

import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.schemas.contract.Position;

/**
 * Where the log holds a change: proof that it is durable, not yet that a shard has applied it.
 *
 * @param tableId the table
 * @param partition partition of the table's log
 * @param offset offset of the change's record in it
 * @param place of the row
 */
public record Receipt(String tableId, int partition, long offset, RowPlace place) {
  /** Where the change itself stands. */
  public Position position() {
    return new Position(partition, offset);
  }

  /** What a shard has reached once it has taken the change. */
  public Position next() {
    return new Position(partition, offset + 1);
  }
}
