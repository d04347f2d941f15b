package dev.shardstream.streams.http;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a shard to be moved.
 *
 * @param shardId an active shard of the table
 * @param toNode node that is to hold it
 * @param rowsPerSecond most rows copied per second, 0 for as fast as it goes; null as configured
 * @param graceMillis how long the shard is kept where it was; null as configured
 * @param manualCutover whether it waits to be told to switch; null for no
 * @param repair whether what a verify finds different is copied again; null for no
 */
public record MoveBody(
    int shardId,
    String toNode,
    @Nullable Long rowsPerSecond,
    @Nullable Long graceMillis,
    @Nullable Boolean manualCutover,
    @Nullable Boolean repair) {}
