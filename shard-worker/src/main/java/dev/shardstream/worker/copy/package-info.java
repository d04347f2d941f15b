/**
 * Copying virtual shards, each in one transaction of the target: its rows, its position, its
 * rejections and its rules as one snapshot of the source shows them. A source is a shard file of
 * the same node or a slice, a file of the same form that another node made; both are attached, and
 * one statement moves the rows. No row passes through Java.
 *
 * <p>Knows SQLite, the shard file, the catalog and the HTTP client. Start at {@link
 * dev.shardstream.worker.copy.ShardCopier}.
 */
@NullMarked
package dev.shardstream.worker.copy;

import org.jspecify.annotations.NullMarked;
