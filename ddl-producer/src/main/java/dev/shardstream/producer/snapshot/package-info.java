/**
 * Snapshots of tables: slices of all virtual shards, each at its position of the log, in a store
 * outside of the cluster, with a manifest that says what is in them.
 *
 * <p>{@link dev.shardstream.producer.snapshot.SnapshotManifest} and {@link
 * dev.shardstream.producer.snapshot.RowsDigest} are plain values. {@link
 * dev.shardstream.producer.snapshot.SnapshotStore} is where the files lie. Start at {@link
 * dev.shardstream.producer.snapshot.SnapshotCreation} for how one is made, and at {@link
 * dev.shardstream.producer.snapshot.Snapshot} for how one is read.
 */
@NullMarked
package dev.shardstream.producer.snapshot;

import org.jspecify.annotations.NullMarked;
