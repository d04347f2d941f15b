package dev.shardstream.producer.write;

import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;

/**
 * A change that keeps every rule which can be checked without the row before it.
 *
 * @param table definition that it was made for
 * @param change what the log will carry
 * @param key canonical bytes of the primary key; never changed
 * @param place of the row
 */
public record PreparedChange(Table table, RowChange change, byte[] key, RowPlace place) {
  /** The log partition that the change goes to. */
  public int partition() {
    return place.partition(table);
  }
}
