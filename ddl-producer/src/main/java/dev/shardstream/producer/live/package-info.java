/**
 * Live queries: the rows of a SELECT, then every change of its result.
 *
 * <p>They live in the client alone. The rows come from the shards with the log positions that they
 * were read at; from there on the table's log is followed, and a change counts once its shard has
 * applied it. The log knows no shards, so a reshard, a move or a lost connection changes nothing.
 * Start reading at {@link dev.shardstream.producer.live.LiveQueries}; what a change does to a
 * result is decided in LiveResult, which is pure.
 */
@NullMarked
package dev.shardstream.producer.live;

import org.jspecify.annotations.NullMarked;
