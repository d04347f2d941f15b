package dev.shardstream.worker.decide;

import dev.shardstream.schemas.row.RowChange;

/**
 * A change with its place in the log.
 *
 * @param key the row that it changes
 * @param change what it asks for
 * @param partition of the log
 * @param offset in it; becomes the row's version
 * @param timestamp log timestamp, milliseconds since the epoch
 */
public record LoggedChange(
    RowKey key, RowChange change, int partition, long offset, long timestamp) {}
