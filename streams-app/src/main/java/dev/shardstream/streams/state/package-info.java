/**
 * What the control plane knows of one database, and how that changes: decisions, applied in order.
 *
 * <p>Pure: no Kafka, no HTTP, no clock. Start at {@link
 * dev.shardstream.streams.state.DatabaseState} and {@link dev.shardstream.streams.state.Decision}.
 */
@NullMarked
package dev.shardstream.streams.state;

import org.jspecify.annotations.NullMarked;
