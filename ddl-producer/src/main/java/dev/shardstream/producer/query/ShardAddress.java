package dev.shardstream.producer.query;

import dev.shardstream.schemas.catalog.Tables;

/**
 * Where a shard answers.
 *
 * @param endpoint URL of its node's HTTP server, without a path
 */
public record ShardAddress(String tableId, int shardId, String nodeId, String endpoint) {
  /** The shard's name in errors. */
  public String shardName() {
    return Tables.shardName(tableId, shardId);
  }
}
