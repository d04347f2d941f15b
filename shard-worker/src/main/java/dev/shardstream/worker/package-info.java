/**
 * The shard worker: a process that holds shards. Here its parts are put together, and nothing else
 * happens.
 *
 * <p>Start at {@link dev.shardstream.worker.Worker}.
 */
@NullMarked
package dev.shardstream.worker;

import org.jspecify.annotations.NullMarked;
