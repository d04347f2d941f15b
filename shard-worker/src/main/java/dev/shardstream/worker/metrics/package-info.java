/**
 * What a worker measures, by name. Knows nothing of the rest of the worker; whoever measures knows
 * it.
 *
 * <p>Start at {@link dev.shardstream.worker.metrics.WorkerMetric}; docs/metrics.md lists the same.
 */
@NullMarked
package dev.shardstream.worker.metrics;

import org.jspecify.annotations.NullMarked;
