/**
 * What goes in and out of the control plane's HTTP API by way of Kafka: commands are published,
 * their results are waited for, and every change that is published becomes an event for those who
 * watch.
 *
 * <p>Start at {@link dev.shardstream.streams.live.ControlFeed} and {@link
 * dev.shardstream.streams.live.EventHub}.
 */
@NullMarked
package dev.shardstream.streams.live;

import org.jspecify.annotations.NullMarked;
