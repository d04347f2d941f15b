/**
 * The worker's settings: one properties file, checked before anything starts.
 *
 * <p>Knows schemas' {@code config} and nothing else of the worker. Start at {@link
 * dev.shardstream.worker.config.WorkerConfig}.
 */
@NullMarked
package dev.shardstream.worker.config;

import org.jspecify.annotations.NullMarked;
