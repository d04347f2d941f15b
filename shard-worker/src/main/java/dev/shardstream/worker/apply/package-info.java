/**
 * Following a table's log: one applier per shard reads it, lets package {@code decide} decide, and
 * writes rows, positions, rules and rejections in one transaction. Refused changes are published
 * from here.
 *
 * <p>Knows Kafka, SQLite, the shard file and the catalog; no HTTP, and nothing of copy and verify.
 * Start at {@link dev.shardstream.worker.apply.Applier}.
 */
@NullMarked
package dev.shardstream.worker.apply;

import org.jspecify.annotations.NullMarked;
