/**
 * Restoring a snapshot into a table of its own, as it is or brought to another moment by the log.
 *
 * <p>{@link dev.shardstream.standalone.snapshot.Moment} and {@link
 * dev.shardstream.standalone.snapshot.RestoredDefinition} are plain values. The rows are put
 * together in a file of the same form as a shard's, by the code that copies and applies in a
 * worker, so that what is restored is what a worker would have. Start at {@link
 * dev.shardstream.standalone.snapshot.Restore}.
 */
@NullMarked
package dev.shardstream.standalone.snapshot;

import org.jspecify.annotations.NullMarked;
