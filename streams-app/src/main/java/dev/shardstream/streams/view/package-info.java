/**
 * What the control plane shows of itself: the bodies of its HTTP API and of its events, made from
 * what is stored. {@link dev.shardstream.streams.view.ClusterState} is the question, everything
 * else is a record that becomes JSON as it is.
 *
 * <p>Pure: no Kafka, no HTTP, no clock. Start at {@link dev.shardstream.streams.view.TableDetail}.
 */
@NullMarked
package dev.shardstream.streams.view;

import org.jspecify.annotations.NullMarked;
