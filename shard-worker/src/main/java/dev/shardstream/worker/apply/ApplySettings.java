package dev.shardstream.worker.apply;

import java.time.Duration;

/**
 * How a shard follows its log.
 *
 * @param batchChanges most changes in one transaction
 * @param batchBytes most bytes of records in one transaction; one poll may exceed it
 * @param poll longest wait for records
 * @param linger longest time to collect a batch while the shard is behind
 * @param retryMax longest pause after a failure
 * @param rejectionsKept published rejections that stay with the shard
 */
public record ApplySettings(
    int batchChanges,
    int batchBytes,
    Duration poll,
    Duration linger,
    Duration retryMax,
    int rejectionsKept) {}
