package dev.shardstream.streams.http;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a reshard.
 *
 * @param table its name
 * @param targetShards shards that it is to have, 1 to 256
 * @param rowsPerSecond most rows copied per second, 0 for as fast as it goes; null as configured
 * @param graceMillis how long the sources are kept after the switch; null as configured
 * @param manualCutover whether it waits to be told to switch; null for no
 * @param repair whether what a verify finds different is copied again; null for no
 * @param dryRun whether only its plan is told; null for no
 */
public record StartReshard(
    String table,
    int targetShards,
    @Nullable Long rowsPerSecond,
    @Nullable Long graceMillis,
    @Nullable Boolean manualCutover,
    @Nullable Boolean repair,
    @Nullable Boolean dryRun) {}
