package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.StoredValues;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table that a CREATE TABLE asks for. Commands come from any client, so everything is checked
 * here, whatever the client has checked.
 */
final class TableDefinition {
  /** SQLite's limit is 2,000; Avro, heartbeats and people suffer long before. */
  private static final int MOST_COLUMNS = 500;

  private TableDefinition() {}

  /**
   * @param number makes the table id unique
   * @param at time of the command, milliseconds since the epoch
   * @throws ShardstreamException when the definition breaks a rule
   */
  static Table of(CreateTable create, String database, long number, long at) {
    Names.requireUsable(database);
    Names.requireUsable(create.getTable());
    requireCounts(create);
    List<Column> columns = columns(create);
    List<Integer> primaryKey = key(create, columns, create.getPrimaryKey());
    List<Integer> shardKey =
        create.getShardKey().isEmpty() ? primaryKey : key(create, columns, create.getShardKey());
    requireWithin(create, columns, shardKey, primaryKey);
    return Table.newBuilder()
        .setDatabase(database)
        .setTableId(TableId.of(database, create.getTable(), number).value())
        .setName(create.getTable())
        .setSchemaVersion(1)
        .setStatus(TableStatus.CREATING)
        .setType(create.getType())
        .setBlockSize(create.getBlockSize())
        .setComment(create.getComment())
        .setColumns(keysNotNull(columns, primaryKey))
        .setPrimaryKey(primaryKey)
        .setShardKey(shardKey)
        .setStrategy(create.getStrategy())
        .setPartitions(create.getPartitions())
        .setNextColumnId(columns.size() + 1)
        .setCreatedAt(at)
        .build();
  }

  private static void requireCounts(CreateTable create) {
    requireShardCount(create.getShards());
    if (create.getPartitions() < 1 || create.getPartitions() > VirtualShards.COUNT) {
      throw new ShardstreamException(ErrorCode.INVALID_PARTITION_COUNT, create.getPartitions());
    }
    if (create.getStrategy() != Strategy.HASH) {
      throw new ShardstreamException(ErrorCode.UNSUPPORTED, "STRATEGY='range'");
    }
    if (create.getColumns().size() > MOST_COLUMNS) {
      throw new ShardstreamException(
          ErrorCode.UNSUPPORTED, "a table of more than " + MOST_COLUMNS + " columns");
    }
    if (create.getPrimaryKey().isEmpty()) {
      throw new ShardstreamException(ErrorCode.PRIMARY_KEY_REQUIRED, create.getTable());
    }
  }

  static void requireShardCount(int shards) {
    if (shards < 1 || shards > VirtualShards.COUNT) {
      throw new ShardstreamException(ErrorCode.INVALID_SHARD_COUNT, shards);
    }
  }

  private static List<Column> columns(CreateTable create) {
    List<Column> columns = new ArrayList<>();
    for (ColumnDefinition definition : create.getColumns()) {
      Names.requireUsable(definition.getName());
      if (find(columns, definition.getName()).isPresent()) {
        throw new ShardstreamException(
            ErrorCode.DUPLICATE_COLUMN, definition.getName(), create.getTable());
      }
      columns.add(column(definition, columns.size() + 1));
    }
    return columns;
  }

  private static Column column(ColumnDefinition definition, int id) {
    Integer length = definition.getLength();
    if (length != null && (definition.getType() != TypeName.VARCHAR || length < 1)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "column '"
              + definition.getName()
              + "': only VARCHAR has a length, of at least 1, not "
              + definition.getType()
              + "("
              + length
              + ")");
    }
    Column bare =
        Column.newBuilder()
            .setId(id)
            .setName(definition.getName())
            .setType(definition.getType())
            .setLength(length)
            .setNullable(definition.getNullable())
            .build();
    return Column.newBuilder(bare)
        .setDefaultValue(defaultValue(bare, definition.getDefaultValue()))
        .build();
  }

  private static @Nullable Object defaultValue(Column column, @Nullable Object given) {
    if (given == null) {
      return null;
    }
    Object stored =
        StoredValues.store(column, given instanceof CharSequence ? given.toString() : given)
            .orElseThrow(
                () ->
                    new ShardstreamException(
                        ErrorCode.UNSUPPORTED_DEFAULT, column.getName(), column.getType(), given));
    return stored instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : stored;
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
        .map(
            c ->
                primaryKey.contains(c.getId())
                    ? Column.newBuilder(c).setNullable(false).build()
                    : c)
        .toList();
  }

  private static Optional<Column> find(List<Column> columns, String name) {
    return columns.stream().filter(c -> Names.same(c.getName(), name)).findFirst();
  }
}
