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
 * @param columns in order
 * @param shards all of them, also those of a running reshard, by id
 */
public record TableDescription(
    TableInfo info,
    List<String> primaryKey,
    List<String> shardKey,
    int epoch,
    String createdAt,
    String logTopic,
    List<ColumnInfo> columns,
    List<ShardInfo> shards) {

  /**
   * A column.
   *
   * @param type as SQL, like {@code VARCHAR(80)}
   * @param defaultValue stored value (Long, Double, String, byte[]); null for none
   * @param inPrimaryKey whether it is part of the primary key
   */
  public record ColumnInfo(
      String name,
      String type,
      boolean nullable,
      @Nullable Object defaultValue,
      boolean inPrimaryKey) {}

  /**
   * A shard.
   *
   * @param id unique in its table
   * @param nodeId node that holds it
   * @param status {@code active}, {@code pending}, {@code to_be_deleted} or {@code failed}
   * @param virtualShards like {@code 0-63,70}
   */
  public record ShardInfo(int id, String nodeId, String status, String virtualShards) {}
}
