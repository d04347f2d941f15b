/**
 * Row changes: checked, hashed, put into the right partition of their table's log, and followed
 * until the shards have applied or refused them.
 *
 * <p>{@link dev.shardstream.producer.write.RowChanges} is pure: table and values in, a change out.
 * {@link dev.shardstream.producer.write.ChangeLog} sends it, {@link
 * dev.shardstream.producer.write.AppliedChanges} waits for it. Start at {@link
 * dev.shardstream.producer.write.RowWriter}.
 */
@NullMarked
package dev.shardstream.producer.write;

import org.jspecify.annotations.NullMarked;
