package dev.shardstream.schemas.contract;

import org.apache.kafka.common.utils.Utils;

/**
 * Which virtual shard a row belongs to for life, and in which partition of its table's log that
 * virtual shard lives. Test vectors for clients in other languages: docs/protocol.md.
 */
public final class VirtualShards {
  /** Every table has exactly this many virtual shards. */
  public static final int COUNT = 256;

  private VirtualShards() {}

  /**
   * The virtual shard of a row: Kafka's murmur2 of the canonical shard key, made positive, modulo
   * {@link #COUNT}.
   *
   * @param canonicalShardKey see {@link CanonicalKey}
   */
  public static int of(byte[] canonicalShardKey) {
    return Utils.toPositive(Utils.murmur2(canonicalShardKey)) % COUNT;
  }

  /**
   * A number that somebody has sent.
   *
   * @throws ShardstreamException INVALID_ARGUMENT when no virtual shard has it
   */
  public static int require(int virtualShard) {
    if (!exists(virtualShard)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "no virtual shard has number " + virtualShard);
    }
    return virtualShard;
  }

  private static boolean exists(int virtualShard) {
    return virtualShard >= 0 && virtualShard < COUNT;
  }

  /**
   * The partition that holds a virtual shard.
   *
   * @param virtualShard 0 to 255
   * @param partitions partitions of the table's log, 1 to 256
   */
  public static int partitionOf(int virtualShard, int partitions) {
    if (!exists(virtualShard)) {
      throw new IllegalArgumentException("No such virtual shard: " + virtualShard);
    }
    return virtualShard * partitions / COUNT;
  }
}
