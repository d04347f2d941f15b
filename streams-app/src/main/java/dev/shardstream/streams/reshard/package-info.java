/**
 * The reshard coordinator: which step follows which, and what has to hold before each.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.reshard.ReshardTransition}, the table of states;
 * {@link dev.shardstream.streams.reshard.Resharding} goes through it. The switch is decided in one
 * place, {@link dev.shardstream.streams.reshard.Verifying}.
 */
@NullMarked
package dev.shardstream.streams.reshard;

import org.jspecify.annotations.NullMarked;
