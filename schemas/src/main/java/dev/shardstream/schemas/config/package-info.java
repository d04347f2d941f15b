/**
 * Configuration of every process: one properties file, or the environment, checked by Kafka's
 * ConfigDef.
 *
 * <p>Start at {@link dev.shardstream.schemas.config.ConfigSource}; the keys all processes share are
 * in {@link dev.shardstream.schemas.config.ClusterConfig}.
 */
@NullMarked
package dev.shardstream.schemas.config;

import org.jspecify.annotations.NullMarked;
