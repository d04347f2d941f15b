/**
 * Shards that begin with the slices of a snapshot, because their log is cut or because that is
 * faster. Start at {@link dev.shardstream.worker.snapshot.SnapshotBeginning}.
 */
@NullMarked
package dev.shardstream.worker.snapshot;

import org.jspecify.annotations.NullMarked;
