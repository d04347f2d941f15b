package dev.shardstream.worker.decide;

import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import java.util.List;
import java.util.Optional;

/**
 * The ordered shard keys of a table's rows, by which a shard of a RANGE table tells which of them
 * are its own.
 *
 * @param at where the shard key columns are in the primary key; empty in a HASH table, whose shards
 *     hold every key
 */
public record ShardKeys(List<Integer> at) {
  /** Of a HASH table. */
  public static final ShardKeys NONE = new ShardKeys(List.of());

  private static final byte[] LEAST = {};

  /** Those of a table. */
  public static ShardKeys of(Table table) {
    return table.getStrategy() == Strategy.RANGE
        ? new ShardKeys(table.getShardKey().stream().map(table.getPrimaryKey()::indexOf).toList())
        : NONE;
  }

  /**
   * The ordered shard key of a row. An entry of the log that is about no row that anybody could
   * name counts as of the least key, so that exactly one shard of a table answers for it.
   */
  byte[] of(Optional<RowKey> row) {
    return at.isEmpty() || row.isEmpty()
        ? LEAST
        : OrderedKey.of(at.stream().map(row.get().values()::get).toList());
  }
}
