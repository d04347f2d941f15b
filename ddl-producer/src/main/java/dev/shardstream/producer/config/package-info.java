/**
 * The settings of a client: where the cluster is, which database it speaks of, and how long it
 * waits for what.
 *
 * <p>Knows Kafka's ConfigDef and nothing else. Start at {@link
 * dev.shardstream.producer.config.ClientConfig}.
 */
@NullMarked
package dev.shardstream.producer.config;

import org.jspecify.annotations.NullMarked;
