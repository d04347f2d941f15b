/**
 * The worker's HTTP server: statements on a shard, waiting for writes, slices for other nodes,
 * health and metrics. The contract is schemas' package {@code http}.
 *
 * <p>Knows package node, never Kafka. Start at {@link dev.shardstream.worker.http.WorkerHttp}; what
 * a statement may do is in {@link dev.shardstream.worker.http.StatementRunner}.
 */
@NullMarked
package dev.shardstream.worker.http;

import org.jspecify.annotations.NullMarked;
