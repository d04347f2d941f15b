/**
 * What processes measure: a name, a unit and a meaning in one place, of which docs/metrics.md is
 * the list; and the metrics of Kafka's clients.
 *
 * <p>Knows Micrometer, which a client of the cluster does without. Start at {@link
 * dev.shardstream.schemas.metrics.Metric}.
 */
@NullMarked
package dev.shardstream.schemas.metrics;

import org.jspecify.annotations.NullMarked;
