package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.serde.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table that a CREATE TABLE asks for. Commands come from any client, so everything is checked
 * here, whatever the client has checked.
 */
public final class TableDefinition {
  private static final long LONGEST_TTL = 3_153_600_000L;

  static {
    Events.trust(Table.class);
  }

  private TableDefinition() {}

  /**
   * @param number makes the table id unique
   * @param at time of the command, milliseconds since the epoch
   * @param view where an edge table finds its ends
   * @throws ShardstreamException when the definition breaks a rule
   */
  public static Table of(
      CreateTable create, String database, long number, long at, CatalogView view) {
    Names.requireUsable(database);
    Names.requireUsable(create.getTable());
    requireCounts(create);
    TableEvolution.requireReplicas(create.getReplicas());
    requireOptions(create);
    EdgeEnds ends = create.getType() == TableType.EDGE ? EdgeEnds.of(create, view) : null;
    List<Column> columns = columns(create, ends);
    List<Integer> primaryKey = primaryKey(create, columns, ends);
    List<Integer> shardKey = shardKey(create, columns, primaryKey, ends);
    requireWithin(create, columns, shardKey, primaryKey);
    SplitPoints.require(create, shardKey.stream().map(id -> columns.get(id - 1)).toList());
    return new Table(
        database,
        TableId.of(database, create.getTable(), number).value(),
        create.getTable(),
        1,
        TableStatus.CREATING,
        create.getType(),
        keysNotNull(columns, primaryKey),
        primaryKey,
        shardKey,
        create.getStrategy(),
        create.getPartitions(),
        columns.size() + 1,
        List.of(),
        1,
        create.getBlockSize(),
        create.getTtlSeconds(),
        ends == null ? null : ends.from().getTableId(),
        ends == null ? null : ends.to().getTableId(),
        at,
        create.getComment(),
        create.getReplicas(),
        List.of());
  }

  private static void requireCounts(CreateTable create) {
    requireShardCount(create.getShards());
    if (create.getPartitions() < 1 || create.getPartitions() > VirtualShards.COUNT) {
      throw new ShardstreamException(ErrorCode.INVALID_PARTITION_COUNT, create.getPartitions());
    }
    if (create.getColumns().size() > ColumnDefinitions.MOST_COLUMNS) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED,
          "a table of more than " + ColumnDefinitions.MOST_COLUMNS + " columns");
    }
  }

  private static void requireOptions(CreateTable create) {
    TableEvolution.requireBlockSize(create.getBlockSize());
    Long ttl = create.getTtlSeconds();
    if (ttl != null && create.getType() != TableType.STREAM) {
      throw new ShardstreamException(
          ErrorCode.INVALID_OPTION, "TTL_SECONDS", "only a stream table has it");
    }
    if (ttl != null && (ttl < 1 || ttl > LONGEST_TTL)) {
      throw new ShardstreamException(ErrorCode.INVALID_TTL, create.getTable(), ttl);
    }
    boolean hasEnds = create.getFrom() != null || create.getTo() != null;
    if (hasEnds && create.getType() != TableType.EDGE) {
      throw new ShardstreamException(
          ErrorCode.INVALID_OPTION, "FROM … TO", "only an edge table has it");
    }
  }

  /**
   * @throws ShardstreamException INVALID_SHARD_COUNT
   */
  public static void requireShardCount(int shards) {
    if (shards < 1 || shards > VirtualShards.COUNT) {
      throw new ShardstreamException(ErrorCode.INVALID_SHARD_COUNT, shards);
    }
  }

  private static List<Column> columns(CreateTable create, @Nullable EdgeEnds ends) {
    List<Column> columns = new ArrayList<>(ends == null ? List.of() : ends.columns());
    for (ColumnDefinition definition : create.getColumns()) {
      Names.requireUsable(definition.getName());
      if (find(columns, definition.getName()).isPresent()) {
        throw new ShardstreamException(
            ErrorCode.DUPLICATE_COLUMN, definition.getName(), create.getTable());
      }
      columns.add(ColumnDefinitions.column(definition, columns.size() + 1));
    }
    return columns;
  }

  private static List<Integer> primaryKey(
      CreateTable create, List<Column> columns, @Nullable EdgeEnds ends) {
    if (create.getPrimaryKey().isEmpty()) {
      if (ends != null) {
        return EdgeEnds.KEY;
      }
      throw new ShardstreamException(ErrorCode.PRIMARY_KEY_REQUIRED, create.getTable());
    }
    List<Integer> key = key(create, columns, create.getPrimaryKey());
    if (create.getType() == TableType.NODE && key.size() != 1) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "node table '"
              + create.getTable()
              + "' must have exactly one primary key column, not "
              + key.size());
    }
    return key;
  }

  private static List<Integer> shardKey(
      CreateTable create, List<Column> columns, List<Integer> primaryKey, @Nullable EdgeEnds ends) {
    if (ends == null) {
      return create.getShardKey().isEmpty()
          ? primaryKey
          : key(create, columns, create.getShardKey());
    }
    if (!create.getShardKey().isEmpty()
        && !key(create, columns, create.getShardKey()).equals(EdgeEnds.SHARD_KEY)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "the shard key of edge table '" + create.getTable() + "' is always _from");
    }
    return EdgeEnds.SHARD_KEY;
  }

  private static List<Integer> key(CreateTable create, List<Column> columns, List<String> names) {
    List<Integer> ids = new ArrayList<>();
    for (String name : names) {
      int id =
          find(columns, name)
              .orElseThrow(
                  () ->
                      new ShardstreamException(ErrorCode.COLUMN_NOT_FOUND, name, create.getTable()))
              .getId();
      if (ids.contains(id)) {
        throw new ShardstreamException(ErrorCode.DUPLICATE_COLUMN, name, create.getTable());
      }
      ids.add(id);
    }
    return ids;
  }

  private static void requireWithin(
      CreateTable create, List<Column> columns, List<Integer> shardKey, List<Integer> primaryKey) {
    for (int id : shardKey) {
      if (!primaryKey.contains(id)) {
        throw new ShardstreamException(
            ErrorCode.SHARD_KEY_NOT_IN_PRIMARY_KEY,
            columns.get(id - 1).getName(),
            create.getTable(),
            String.join(", ", create.getPrimaryKey()));
      }
    }
  }

  private static List<Column> keysNotNull(List<Column> columns, List<Integer> primaryKey) {
    return columns.stream()
        .map(c -> primaryKey.contains(c.getId()) ? ColumnParts.of(c).nullable(false).column() : c)
        .toList();
  }

  private static Optional<Column> find(List<Column> columns, String name) {
    return columns.stream().filter(c -> Names.same(c.getName(), name)).findFirst();
  }
}
