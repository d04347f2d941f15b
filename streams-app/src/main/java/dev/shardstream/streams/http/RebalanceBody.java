package dev.shardstream.streams.http;

import org.jspecify.annotations.Nullable;

/**
 * Asks for shards to be spread evenly over the nodes.
 *
 * @param table its shards alone; null for those of every table of the database
 * @param dryRun whether only the plan is told, as the outcome's message; null for no
 */
public record RebalanceBody(@Nullable String table, @Nullable Boolean dryRun) {}
