package dev.shardstream.standalone.demo;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;

/**
 * @param rows orders to load, 1,000 or more
 * @param from shards before
 * @param to shards after
 * @param writers live writers, 1 or more
 */
public record DemoPlan(int rows, int from, int to, int writers) {
  public DemoPlan {
    if (rows < 1000) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "--rows must be 1000 or more");
    }
    if (writers < 1 || writers > 16) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "--writers must be 1 to 16");
    }
    requireShards(from);
    requireShards(to);
  }

  private static void requireShards(int shards) {
    if (shards < 1 || shards > 256) {
      throw new ShardstreamException(ErrorCode.INVALID_SHARD_COUNT, shards);
    }
  }
}
