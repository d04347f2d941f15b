package dev.shardstream.producer.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What CREATE TABLE says about sharding, from WITH (…) and from comments alike; nothing is checked
 * yet, so SHARDS=0 stands here as 0.
 *
 * @param shards null if not written
 * @param partitions of the table's log; null if not written
 * @param shardKey column names; null if not written
 * @param strategy as written, unquoted; null if not written
 * @param blockSize rows; null if not written
 * @param ttlSeconds null if not written
 * @param replicas null if not written
 * @param splitAt null if not written
 */
public record TableOptions(
    @Nullable Long shards,
    @Nullable Long partitions,
    @Nullable List<String> shardKey,
    @Nullable String strategy,
    @Nullable Long blockSize,
    @Nullable Long ttlSeconds,
    @Nullable Long replicas,
    @Nullable List<SplitPoint> splitAt) {
  /** No option was written. */
  public static final TableOptions NONE =
      new TableOptions(null, null, null, null, null, null, null, null);

  public TableOptions {
    shardKey = shardKey == null ? null : List.copyOf(shardKey);
    splitAt = splitAt == null ? null : List.copyOf(splitAt);
  }
}
