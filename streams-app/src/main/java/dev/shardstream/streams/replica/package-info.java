/**
 * Keeps as many replicas as tables shall have: where an owner's node is lost another holder of its
 * rows becomes the owner, missing replicas are made, surplus ones and forgotten shards are dropped.
 * Rows that nobody has any more are made anew from their log.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.replica.Keeper}.
 */
@NullMarked
package dev.shardstream.streams.replica;

import org.jspecify.annotations.NullMarked;
