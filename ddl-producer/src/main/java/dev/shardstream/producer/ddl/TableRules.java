package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TableType;
import java.util.ArrayList;
import java.util.List;

/** What a table must keep to, as far as it can be told without asking anybody. */
public final class TableRules {
  private static final int LARGEST_BLOCK = 10_000;
  private static final long LONGEST_TTL = 3_153_600_000L;

  /** The key columns of an edge table, which the catalog puts before the others. */
  private static final List<String> ENDS = List.of("_from", "_to");

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
    checkBlockSize(table.getBlockSize());
    checkTtl(table);
    checkColumns(table);
    if (table.getType() == TableType.EDGE) {
      checkEdgeKeys(table);
    } else {
      checkKeys(table);
    }
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
    List<String> primaryKey = primaryKey(table);
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
      if (!containsAll(unique, primaryKey)) {
        throw new ShardstreamException(
            ErrorCode.UNSUPPORTED,
            "UNIQUE (%s) on table '%s' besides the primary key: create the table, then CREATE UNIQUE INDEX"
                .formatted(columns, table.getTable()));
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

  private static void checkTtl(CreateTable table) {
    Long seconds = table.getTtlSeconds();
    if (seconds == null) {
      return;
    }
    if (table.getType() != TableType.STREAM) {
      throw new ShardstreamException(
          ErrorCode.INVALID_OPTION, "TTL_SECONDS", "only the rows of a STREAM table expire");
    }
    if (seconds < 1 || seconds > LONGEST_TTL) {
      throw new ShardstreamException(ErrorCode.INVALID_TTL, table.getTable(), seconds);
    }
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
    if (table.getType() == TableType.NODE && table.getPrimaryKey().size() > 1) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED,
          "PRIMARY KEY (%s) of node table '%s': a node has one key column"
              .formatted(String.join(", ", table.getPrimaryKey()), table.getTable()));
    }
    checkKeyColumns(table);
  }

  /** An edge is found from its beginning: that is where its table is sharded. */
  private static void checkEdgeKeys(CreateTable table) {
    List<String> key = primaryKey(table);
    String begin = ENDS.get(0);
    if (!contains(key, begin)) {
      throw new ShardstreamException(
          ErrorCode.SHARD_KEY_NOT_IN_PRIMARY_KEY, begin, table.getTable(), String.join(", ", key));
    }
    if (shardKey(table).size() != 1 || !contains(shardKey(table), begin)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_OPTION, "SHARD KEY", "an EDGE table is sharded by _from");
    }
    checkKeyColumns(table);
  }

  private static void checkKeyColumns(CreateTable table) {
    List<String> inPrimaryKey = new ArrayList<>();
    for (String column : table.getPrimaryKey()) {
      requireColumn(table, column);
      requireFirst(table, inPrimaryKey, column);
    }
    List<String> inShardKey = new ArrayList<>();
    for (String column : table.getShardKey()) {
      requireColumn(table, column);
      requireFirst(table, inShardKey, column);
      if (!contains(primaryKey(table), column)) {
        throw new ShardstreamException(
            ErrorCode.SHARD_KEY_NOT_IN_PRIMARY_KEY,
            column,
            table.getTable(),
            String.join(", ", primaryKey(table)));
      }
    }
  }

  private static void requireColumn(CreateTable table, String column) {
    boolean end = table.getType() == TableType.EDGE && contains(ENDS, column);
    if (!end && table.getColumns().stream().noneMatch(c -> Names.same(c.getName(), column))) {
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
    if (!table.getShardKey().isEmpty()) {
      return table.getShardKey();
    }
    return table.getType() == TableType.EDGE ? ENDS.subList(0, 1) : table.getPrimaryKey();
  }

  private static List<String> primaryKey(CreateTable table) {
    boolean ends = table.getType() == TableType.EDGE && table.getPrimaryKey().isEmpty();
    return ends ? ENDS : table.getPrimaryKey();
  }

  private static boolean contains(List<String> names, String name) {
    return names.stream().anyMatch(other -> Names.same(other, name));
  }

  private static boolean containsAll(List<String> names, List<String> wanted) {
    return wanted.stream().allMatch(name -> contains(names, name));
  }
}
