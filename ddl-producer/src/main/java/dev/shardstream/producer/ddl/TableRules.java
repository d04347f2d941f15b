package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Strategy;
import java.util.ArrayList;
import java.util.List;

/** What a table must keep to, as far as it can be told without asking anybody. */
public final class TableRules {
  private static final int LARGEST_BLOCK = 10_000;

  private TableRules() {}

  /**
   * Checks a definition.
   *
   * @return the same definition
   * @throws ShardstreamException the first rule that it breaks
   */
  public static CreateTable check(CreateTable table) {
    Names.requireUsable(table.getTable());
    checkShardCount(table.getShards());
    checkPartitionCount(table.getPartitions());
    if (table.getStrategy() == Strategy.RANGE) {
      throw new ShardstreamException(ErrorCode.UNSUPPORTED, "STRATEGY='range'");
    }
    checkColumns(table);
    checkKeys(table);
    return table;
  }

  /**
   * Checks the UNIQUE constraints of a definition. One that contains the whole primary key follows
   * from it; nothing else can be kept by shards that decide alone.
   *
   * @throws ShardstreamException UNIQUE_WITHOUT_SHARD_KEY, UNSUPPORTED, COLUMN_NOT_FOUND
   */
  public static void checkUnique(CreateTable table, List<List<String>> uniqueKeys) {
    List<String> shardKey = shardKey(table);
    for (List<String> unique : uniqueKeys) {
      unique.forEach(column -> requireColumn(table, column));
      String columns = String.join(", ", unique);
      if (!containsAll(unique, shardKey)) {
        throw new ShardstreamException(
            ErrorCode.UNIQUE_WITHOUT_SHARD_KEY,
            columns,
            table.getTable(),
            String.join(", ", shardKey));
      }
      if (!containsAll(unique, table.getPrimaryKey())) {
        throw new ShardstreamException(
            ErrorCode.UNSUPPORTED,
            "UNIQUE (" + columns + ") on table '" + table.getTable() + "' besides the primary key");
      }
    }
  }

  /**
   * @throws ShardstreamException INVALID_SHARD_COUNT
   */
  public static int checkShardCount(long shards) {
    if (shards < 1 || shards > VirtualShards.COUNT) {
      throw new ShardstreamException(ErrorCode.INVALID_SHARD_COUNT, shards);
    }
    return (int) shards;
  }

  /**
   * @throws ShardstreamException INVALID_PARTITION_COUNT
   */
  public static int checkPartitionCount(long partitions) {
    if (partitions < 1 || partitions > VirtualShards.COUNT) {
      throw new ShardstreamException(ErrorCode.INVALID_PARTITION_COUNT, partitions);
    }
    return (int) partitions;
  }

  /**
   * @throws ShardstreamException INVALID_BLOCK_SIZE
   */
  public static int checkBlockSize(long rows) {
    if (rows < 1 || rows > LARGEST_BLOCK) {
      throw new ShardstreamException(ErrorCode.INVALID_BLOCK_SIZE, rows);
    }
    return (int) rows;
  }

  private static void checkColumns(CreateTable table) {
    List<String> seen = new ArrayList<>();
    for (ColumnDefinition column : table.getColumns()) {
      Names.requireUsable(column.getName());
      requireFirst(table, seen, column.getName());
    }
  }

  private static void checkKeys(CreateTable table) {
    if (table.getPrimaryKey().isEmpty()) {
      throw new ShardstreamException(ErrorCode.PRIMARY_KEY_REQUIRED, table.getTable());
    }
    List<String> inPrimaryKey = new ArrayList<>();
    for (String column : table.getPrimaryKey()) {
      requireColumn(table, column);
      requireFirst(table, inPrimaryKey, column);
    }
    List<String> inShardKey = new ArrayList<>();
    for (String column : table.getShardKey()) {
      requireColumn(table, column);
      requireFirst(table, inShardKey, column);
      if (!contains(table.getPrimaryKey(), column)) {
        throw new ShardstreamException(
            ErrorCode.SHARD_KEY_NOT_IN_PRIMARY_KEY,
            column,
            table.getTable(),
            String.join(", ", table.getPrimaryKey()));
      }
    }
  }

  private static void requireColumn(CreateTable table, String column) {
    if (table.getColumns().stream().noneMatch(c -> Names.same(c.getName(), column))) {
      throw new ShardstreamException(ErrorCode.COLUMN_NOT_FOUND, column, table.getTable());
    }
  }

  private static void requireFirst(CreateTable table, List<String> seen, String column) {
    if (contains(seen, column)) {
      throw new ShardstreamException(ErrorCode.DUPLICATE_COLUMN, column, table.getTable());
    }
    seen.add(column);
  }

  private static List<String> shardKey(CreateTable table) {
    return table.getShardKey().isEmpty() ? table.getPrimaryKey() : table.getShardKey();
  }

  private static boolean contains(List<String> names, String name) {
    return names.stream().anyMatch(other -> Names.same(other, name));
  }

  private static boolean containsAll(List<String> names, List<String> wanted) {
    return wanted.stream().allMatch(name -> contains(names, name));
  }
}
