/**
 * What this node knows of the catalog: the newest definition of each table. Every shard follows it
 * by itself, when its owner thread finds time.
 *
 * <p>Knows Kafka and the events, and nothing else of the worker. Start at {@link
 * dev.shardstream.worker.catalog.Catalog}.
 */
@NullMarked
package dev.shardstream.worker.catalog;

import org.jspecify.annotations.NullMarked;
