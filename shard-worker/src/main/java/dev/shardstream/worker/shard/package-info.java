/**
 * A shard is one SQLite file: the rows of its virtual shards, the log position of each with the
 * rules that hold there, and the changes it refused. Rows and positions change together, in one
 * transaction of the owner thread.
 *
 * <p>Knows SQLite and schemas; no Kafka client, no HTTP. Start at {@link
 * dev.shardstream.worker.shard.ShardFile}; the table's physical form is in {@link
 * dev.shardstream.worker.shard.TableShape}.
 */
@NullMarked
package dev.shardstream.worker.shard;

import org.jspecify.annotations.NullMarked;
