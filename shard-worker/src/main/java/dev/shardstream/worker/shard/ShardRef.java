package dev.shardstream.worker.shard;

import dev.shardstream.schemas.catalog.Tables;

/**
 * Which shard of which table.
 *
 * @param tableId the table
 * @param shardId from 0, never used again in that table
 */
public record ShardRef(String tableId, int shardId) {
  /** Its name in errors, logs and metrics: {@code default-orders-1/3}. */
  @Override
  public String toString() {
    return Tables.shardName(tableId, shardId);
  }
}
