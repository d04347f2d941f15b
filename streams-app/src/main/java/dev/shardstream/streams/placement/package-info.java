/**
 * Which node gets which shard, and which nodes there are.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.placement.Placement}.
 */
@NullMarked
package dev.shardstream.streams.placement;

import org.jspecify.annotations.NullMarked;
