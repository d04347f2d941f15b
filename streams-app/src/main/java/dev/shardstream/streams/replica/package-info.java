/**
 * Keeps as many replicas as tables shall have: where an owner's node is lost another holder of its
 * rows becomes the owner, missing replicas are made, surplus ones and forgotten shards are dropped.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.replica.Keeper}.
 */
@NullMarked
package dev.shardstream.streams.replica;

import org.jspecify.annotations.NullMarked;
