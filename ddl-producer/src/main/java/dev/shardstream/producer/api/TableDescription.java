package dev.shardstream.producer.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table in full.
 *
 * @param info what a list says of it
 * @param primaryKey column names in key order
 * @param shardKey column names in key order
 * @param epoch of its topology; 0 while the table is being created
 * @param createdAt UTC, {@code yyyy-MM-dd HH:mm:ss[.SSS]}
 * @param logTopic its log
 * @param blockSize rows that are read and sent at once
 * @param ttlSeconds how long a row of a stream table lives; null for ever
 * @param fromTable id of the node table where the edges of an edge table begin; else null
 * @param toTable id of the node table where they end; else null
 * @param columns in order
 * @param indexes by id
 * @param shards all of them, also those of a running reshard, by id
 */
public record TableDescription(
    TableInfo info,
    List<String> primaryKey,
    List<String> shardKey,
    int epoch,
    String createdAt,
    String logTopic,
    int blockSize,
    @Nullable Long ttlSeconds,
    @Nullable String fromTable,
    @Nullable String toTable,
    List<ColumnInfo> columns,
    List<IndexInfo> indexes,
    List<ShardInfo> shards) {

  /**
   * A column.
   *
   * @param id stable: a rename keeps it, and it is never used again
   * @param type as SQL, like {@code VARCHAR(80)}
   * @param defaultValue stored value (Long, Double, String, byte[]); null for none
   * @param inPrimaryKey whether it is part of the primary key
   * @param inShardKey whether it is part of the shard key
   * @param comment null for none
   */
  public record ColumnInfo(
      int id,
      String name,
      String type,
      boolean nullable,
      @Nullable Object defaultValue,
      boolean inPrimaryKey,
      boolean inShardKey,
      @Nullable String comment) {}

  /**
   * A shard.
   *
   * @param id unique in its table
   * @param nodeId node that holds it
   * @param status {@code active}, {@code pending}, {@code to_be_deleted} or {@code failed}
   * @param virtualShards like {@code 0-63,70}
   * @param role {@code owner} or {@code replica}
   * @param keyRange shard keys that it holds, like {@code [100, 200)}; null unless its table's
   *     strategy is {@code range}
   */
  public record ShardInfo(
      int id,
      String nodeId,
      String status,
      String virtualShards,
      String role,
      @Nullable String keyRange) {}
}
