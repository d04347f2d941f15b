/**
 * How far the application has read, as Kafka's group coordinator knows it, and what to do when that
 * holds offsets back for ever. Start at {@link dev.shardstream.streams.group.GroupWatch}.
 */
@NullMarked
package dev.shardstream.streams.group;

import org.jspecify.annotations.NullMarked;
