package dev.shardstream.producer.api;

import org.jspecify.annotations.Nullable;

/**
 * Figures of one shard from its node's last heartbeat, about a second old. Null is what the node
 * has not reported yet.
 *
 * @param shardId unique in its table
 * @param nodeId node that holds it
 * @param status {@code active}, {@code pending}, {@code to_be_deleted} or {@code failed}
 * @param state what the node says of it: {@code copying}, {@code applying} or {@code failed}
 * @param virtualShards how many it holds
 * @param virtualShardRanges which ones, like {@code 0-63,128}
 * @param rows rows
 * @param bytes size of its files
 * @param lag offsets of the log that it has not applied yet
 * @param schemaVersion version of its table
 * @param error why it has stopped
 * @param role {@code owner}, which counts and is copied from, or {@code replica}
 * @param keyRange shard keys that it holds, like {@code [100, 200)}, with {@code …} for no bound;
 *     null unless its table's strategy is {@code range}
 */
public record ShardStats(
    int shardId,
    String nodeId,
    String status,
    @Nullable String state,
    int virtualShards,
    String virtualShardRanges,
    @Nullable Long rows,
    @Nullable Long bytes,
    @Nullable Long lag,
    @Nullable Integer schemaVersion,
    @Nullable String error,
    String role,
    @Nullable String keyRange) {}
