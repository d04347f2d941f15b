/**
 * Shards that change their node: one that is named, all that a node holds, or as few as it takes to
 * spread them evenly. Every move is a reshard; what is here only says which, and in which order.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.move.Moving}, which takes a drain or a rebalance
 * to its end; {@link dev.shardstream.streams.move.Balance} is the plan.
 */
@NullMarked
package dev.shardstream.streams.move;

import org.jspecify.annotations.NullMarked;
