/**
 * Where an event becomes decisions: commands, reports of tasks, the passing of time.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.coordinator.Coordinator}.
 */
@NullMarked
package dev.shardstream.streams.coordinator;

import org.jspecify.annotations.NullMarked;
