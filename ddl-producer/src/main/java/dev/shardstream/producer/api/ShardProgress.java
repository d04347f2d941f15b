package dev.shardstream.producer.api;

import org.jspecify.annotations.Nullable;

/**
 * How far a shard has applied its log, by the last heartbeat of its node. What its node has not
 * said of it is null.
 *
 * @param namespace of its table
 * @param table name of its table
 * @param tableId its table
 * @param shardId shard
 * @param role {@code owner} or {@code replica}
 * @param nodeId node that holds it
 * @param state {@code copying}, {@code applying} or {@code failed}, as its node sees it; {@code
 *     silent} when nothing was heard of the node for the node timeout
 * @param rows rows
 * @param offsetsBehind offsets to the ends of its log that a reader of committed records can reach
 * @param millisBehind for how long it may have missed what was written to its log
 * @param appliedChanges changes applied since its node's process started
 * @param incarnation that process
 * @param heartbeatAt milliseconds since the epoch, by the node's clock
 */
public record ShardProgress(
    String namespace,
    String table,
    String tableId,
    int shardId,
    String role,
    String nodeId,
    @Nullable String state,
    @Nullable Long rows,
    @Nullable Long offsetsBehind,
    @Nullable Long millisBehind,
    @Nullable Long appliedChanges,
    @Nullable String incarnation,
    @Nullable Long heartbeatAt) {
  /** The state of a shard whose node is not heard of. */
  public static final String SILENT = "silent";
}
