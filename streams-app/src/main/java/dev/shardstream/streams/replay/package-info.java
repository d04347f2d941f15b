/**
 * The catalog made anew from the commands alone, and what tells it from the live one: invariant I7.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.replay.ReplayedCatalog}.
 */
@NullMarked
package dev.shardstream.streams.replay;

import org.jspecify.annotations.NullMarked;
