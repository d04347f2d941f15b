/**
 * What an operator looks at: metrics, alerts, dashboards and consumer groups, each held against
 * what the processes really say.
 *
 * <p>Start at {@link dev.shardstream.systemtests.operations.MetricsPage}.
 */
@NullMarked
package dev.shardstream.systemtests.operations;

import org.jspecify.annotations.NullMarked;
