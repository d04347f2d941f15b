package dev.shardstream.streams.state;

/**
 * What bounds every wait and every retry. Times in milliseconds.
 *
 * @param nodeTimeout a node that was silent for so long is lost
 * @param taskTimeout a task that was silent for so long is issued again
 * @param taskAttempts attempts in a row without any progress before a task is given up
 * @param lagBound a target may be switched to when its lag is at most this many offsets
 * @param verifyTimeout a verify in which nothing moved for so long is begun again
 * @param verifyAttempts how often
 * @param grace how long sources are kept after the switch
 * @param dependencyTimeout how long a command waits for one that never came
 * @param copyRowsPerSecond most rows that all targets of a reshard together copy per second; 0 for
 *     as fast as it goes
 * @param liveQueryTimeout a live query that was silent for so long does not count any more
 * @param progressInterval how often at most the progress of a reshard is published
 * @param backoffLag copies wait while a shard that matters lags more than so many offsets; 0 for
 *     never
 * @param estimateRowsPerSecond rows per second that a node is taken to copy in an estimate
 * @param tablesAtOnce of how many tables drains and rebalances move shards at the same time, and of
 *     how many replicas are made
 * @param replicaRebuild a node that was silent for so long has lost its replicas: others are made
 * @param shardRebuild rows that are only on nodes that were silent for so long are made anew from
 *     their log
 */
public record Limits(
    long nodeTimeout,
    long taskTimeout,
    int taskAttempts,
    long lagBound,
    long verifyTimeout,
    int verifyAttempts,
    long grace,
    long dependencyTimeout,
    long copyRowsPerSecond,
    long liveQueryTimeout,
    long progressInterval,
    long backoffLag,
    long estimateRowsPerSecond,
    int tablesAtOnce,
    long replicaRebuild,
    long shardRebuild) {

  /** The defaults of the configuration. */
  public static Limits defaults() {
    return new Limits(
        30_000, 10_000, 20, 1_000, 30_000, 20, 5_000, 600_000, 0, 10_000, 500, 100_000, 100_000, 2,
        300_000, 900_000);
  }
}
