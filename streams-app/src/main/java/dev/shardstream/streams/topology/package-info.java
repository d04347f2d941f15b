/**
 * The control plane on Kafka Streams: reads commands, task events and heartbeats, lets the
 * coordinator decide, keeps the state and publishes. Decides nothing itself.
 *
 * <p>Start at {@link dev.shardstream.streams.topology.ControlTopology}.
 */
@NullMarked
package dev.shardstream.streams.topology;

import org.jspecify.annotations.NullMarked;
