/**
 * Which live queries are alive, as far as DDL must know: a column that one of them reads is not
 * dropped. The queries themselves run in the clients.
 *
 * <p>Pure. Start at {@link dev.shardstream.streams.livequery.LiveQueryWatch}.
 */
@NullMarked
package dev.shardstream.streams.livequery;

import org.jspecify.annotations.NullMarked;
