/**
 * Snapshots of a table that is written and resharded, and tables restored from them, compared with
 * a model that knows the acknowledged writes and where in the log they stand. Start at {@link
 * dev.shardstream.systemtests.snapshot.SnapshotIT}.
 */
@NullMarked
package dev.shardstream.systemtests.snapshot;

import org.jspecify.annotations.NullMarked;
