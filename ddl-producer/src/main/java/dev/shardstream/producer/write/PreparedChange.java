package dev.shardstream.producer.write;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;

/**
 * A change that keeps every rule which can be checked without the row before it.
 *
 * @param table definition that it was made for
 * @param change what the log will carry
 * @param key canonical bytes of the primary key; never changed
 * @param virtualShard of the row, 0 to 255
 * @param partition that holds the virtual shard
 */
public record PreparedChange(
    Table table, RowChange change, byte[] key, int virtualShard, int partition) {}
