/**
 * As of when each shard of this node has everything that was in its log. One thread asks Kafka
 * where the logs end; a shard that has applied that far has everything as of the moment before the
 * question. A process that was frozen, cut off or started again therefore knows that it does not
 * know.
 *
 * <p>Knows package shard, and no Kafka client: {@link dev.shardstream.worker.fresh.LogEnds} is
 * asked. Start at {@link dev.shardstream.worker.fresh.Freshness}.
 */
@NullMarked
package dev.shardstream.worker.fresh;

import org.jspecify.annotations.NullMarked;
