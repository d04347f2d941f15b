/**
 * A local SQLite database whose schema follows the catalog: what an application embeds.
 *
 * <p>{@link dev.shardstream.producer.replica.CatalogReader} reads the catalog topic, {@link
 * dev.shardstream.producer.replica.ReplicaSchema} says as a pure function which SQL text a state of
 * the catalog has, {@link dev.shardstream.producer.replica.ReplicaFile} makes the file so, in one
 * transaction with the positions. Start at {@link dev.shardstream.producer.replica.CatalogReplica}.
 */
@NullMarked
package dev.shardstream.producer.replica;

import org.jspecify.annotations.NullMarked;
