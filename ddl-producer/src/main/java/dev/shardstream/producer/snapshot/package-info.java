/**
 * Takes snapshots of tables that are written meanwhile. What a snapshot is: {@link
 * dev.shardstream.schemas.snapshot}. Start at {@link
 * dev.shardstream.producer.snapshot.SnapshotCreation}.
 */
@NullMarked
package dev.shardstream.producer.snapshot;

import org.jspecify.annotations.NullMarked;
