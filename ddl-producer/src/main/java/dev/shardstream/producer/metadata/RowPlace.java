package dev.shardstream.producer.metadata;

import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange.ColumnValues;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What says which shard a row is in; it stays the same for life. {@link Owners} knows the shard.
 *
 * @param virtualShard of the row, 0 to 255
 * @param orderedKey RANGE table: the row's shard key as {@link OrderedKey} writes it, never
 *     changed; HASH table: null
 */
public record RowPlace(int virtualShard, @Nullable ByteBuffer orderedKey) {
  /** A row of a HASH table. */
  public static RowPlace ofVirtualShard(int virtualShard) {
    return new RowPlace(virtualShard, null);
  }

  /**
   * @param values with all columns of the shard key
   * @throws NullPointerException when one of those is NULL or not set
   */
  public static RowPlace of(Table table, ColumnValues values) {
    List<Object> key = new ArrayList<>(table.getShardKey().size());
    for (int id : table.getShardKey()) {
      key.add(Objects.requireNonNull(values.get(id), "shard key column"));
    }
    return of(table, key);
  }

  /**
   * @param shardKey stored values of all columns of the shard key, in its order
   */
  public static RowPlace of(Table table, List<Object> shardKey) {
    return new RowPlace(
        VirtualShards.of(CanonicalKey.of(shardKey)),
        table.getStrategy() == Strategy.RANGE ? ByteBuffer.wrap(OrderedKey.of(shardKey)) : null);
  }

  /** The log partition that has the row's changes. */
  public int partition(Table table) {
    return VirtualShards.partitionOf(virtualShard, table.getPartitions());
  }
}
