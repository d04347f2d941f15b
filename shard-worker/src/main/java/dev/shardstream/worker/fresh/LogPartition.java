package dev.shardstream.worker.fresh;

/**
 * A partition of a table's log.
 *
 * @param partition 0-based
 */
public record LogPartition(String tableId, int partition) {}
