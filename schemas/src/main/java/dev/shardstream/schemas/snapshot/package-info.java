/**
 * Snapshots of tables as they lie in a store outside of the cluster: slices of all virtual shards,
 * each at its position of the log, with a manifest that says what is in them. The client writes
 * them; workers begin shards with them whose log was cut.
 *
 * <p>{@link dev.shardstream.schemas.snapshot.SnapshotManifest} and {@link
 * dev.shardstream.schemas.snapshot.RowsDigest} are plain values. {@link
 * dev.shardstream.schemas.snapshot.SnapshotStore} is where the files lie, {@link
 * dev.shardstream.schemas.snapshot.SnapshotWriter} writes a snapshot, and {@link
 * dev.shardstream.schemas.snapshot.Snapshot} reads one.
 */
@NullMarked
package dev.shardstream.schemas.snapshot;

import org.jspecify.annotations.NullMarked;
