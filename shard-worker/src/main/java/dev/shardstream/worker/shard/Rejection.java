package dev.shardstream.worker.shard;

/**
 * A change that the log holds and the table refused.
 *
 * @param partition of the log
 * @param offset in it
 * @param virtualShard of the row; the partition's lowest one when the record tells none
 * @param code name of an ErrorCode
 * @param message its text
 * @param at log timestamp of the change, milliseconds since the epoch
 */
public record Rejection(
    int partition, long offset, int virtualShard, String code, String message, long at) {}
