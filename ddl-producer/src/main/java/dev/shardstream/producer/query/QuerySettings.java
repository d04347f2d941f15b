package dev.shardstream.producer.query;

import dev.shardstream.producer.config.ClientConfig;
import java.time.Duration;

/**
 * Limits of one statement.
 *
 * @param timeout how long it may run on one shard and, the read wait aside, on all of them; and
 *     then over what was gathered
 * @param readWait how long a shard may take to reach what the session has seen, and the bound of
 *     staleness
 * @param maxStaleness each shard answers with everything that was in its log so long before; zero
 *     for no bound
 * @param retryTimeout how long it is repeated while shards move or do not answer
 * @param rowLimit most rows that it gathers, and most that it answers
 * @param byteLimit most memory that gathered rows take
 * @param parallelism shards that are asked at the same time
 */
public record QuerySettings(
    Duration timeout,
    Duration readWait,
    Duration maxStaleness,
    Duration retryTimeout,
    long rowLimit,
    long byteLimit,
    int parallelism) {
  private static final long BYTE_LIMIT = 512L << 20;

  /** The settings of a client. */
  public static QuerySettings of(ClientConfig config) {
    return new QuerySettings(
        config.queryTimeout(),
        config.readWait(),
        config.readMaxStaleness(),
        config.queryRetryTimeout(),
        config.queryRowLimit(),
        BYTE_LIMIT,
        config.queryParallelism());
  }
}
