/**
 * {@code replay-ddl}: the catalog made anew from the commands, beside the live one.
 *
 * <p>{@link dev.shardstream.standalone.replay.ClusterReader} reads both from Kafka, {@link
 * dev.shardstream.standalone.replay.ReplayReport} says what came out. Start at {@link
 * dev.shardstream.standalone.replay.ReplayDdlCommand}.
 */
@NullMarked
package dev.shardstream.standalone.replay;

import org.jspecify.annotations.NullMarked;
