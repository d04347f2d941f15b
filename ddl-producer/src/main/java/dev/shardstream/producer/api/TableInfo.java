package dev.shardstream.producer.api;

import org.jspecify.annotations.Nullable;

/**
 * A table in a list.
 *
 * @param name as the user named it
 * @param database it is in
 * @param shards shards that divide its rows, replicas not counted; 0 while it is being created
 * @param partitions of its log
 * @param strategy {@code hash} or {@code range}
 * @param schemaVersion from 1
 * @param status {@code creating} or {@code active}
 * @param tableId unique for ever
 * @param changeLogId of the running reshard; null for none
 * @param tableType {@code Regular}, {@code Node}, {@code Edge} or {@code Stream}
 * @param comment null for none
 * @param replicas nodes that are to hold each row
 */
public record TableInfo(
    String name,
    String database,
    int shards,
    int partitions,
    String strategy,
    int schemaVersion,
    String status,
    String tableId,
    @Nullable String changeLogId,
    String tableType,
    @Nullable String comment,
    int replicas) {}
