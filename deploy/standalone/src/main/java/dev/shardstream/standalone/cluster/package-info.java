/**
 * All processes of one data directory together: order, ports, who may touch the directory, and the
 * client configuration that other commands find.
 *
 * <p>Start at {@link dev.shardstream.standalone.cluster.Cluster}; system tests and the demo use it
 * as a person uses {@code up} and {@code down}.
 */
@NullMarked
package dev.shardstream.standalone.cluster;

import org.jspecify.annotations.NullMarked;
