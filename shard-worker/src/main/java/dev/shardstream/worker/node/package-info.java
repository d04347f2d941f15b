/**
 * The node: its data directory, the shards in it with their appliers and readers, and its
 * heartbeats.
 *
 * <p>Knows packages shard, fresh, apply and verify; tasks and HTTP come to it. Start at {@link
 * dev.shardstream.worker.node.ShardRegistry}.
 */
@NullMarked
package dev.shardstream.worker.node;

import org.jspecify.annotations.NullMarked;
