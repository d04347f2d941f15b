package dev.shardstream.producer.ddl;

import dev.shardstream.producer.sql.Expr;
import dev.shardstream.producer.sql.SplitPoint;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.producer.sql.TableOptions;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CREATE TABLE as an operation. */
public final class TableDefinitions {
  private static final int DEFAULT_SHARDS = 1;
  private static final int DEFAULT_REPLICAS = 1;

  static final int DEFAULT_BLOCK_SIZE = 500;

  static {
    Events.trust(CreateTable.class);
  }

  private TableDefinitions() {}

  /**
   * The operation that a statement asks for.
   *
   * @param defaultPartitions partitions of the log if the statement says none
   * @throws ShardstreamException what {@link TableRules} refuse, INVALID_OPTION,
   *     UNSUPPORTED_DEFAULT
   */
  public static CreateTable of(Statement.CreateTable statement, int defaultPartitions) {
    TableOptions options = statement.options();
    List<String> shardKey = options.shardKey();
    Integer shards =
        options.shards() == null ? null : (Integer) TableRules.checkShardCount(options.shards());
    CreateTable whole =
        CreateTable.newBuilder()
            .setTable(statement.table().name())
            .setIfNotExists(statement.ifNotExists())
            .setColumns(statement.columns().stream().map(TableDefinitions::column).toList())
            .setPrimaryKey(statement.primaryKey())
            .setShardKey(shardKey == null ? List.of() : shardKey)
            .setShards(shards == null || options.splitAt() != null ? DEFAULT_SHARDS : shards)
            .setPartitions(
                options.partitions() == null
                    ? defaultPartitions
                    : TableRules.checkPartitionCount(options.partitions()))
            .setStrategy(strategy(options.strategy()))
            .setType(TableType.valueOf(statement.type().name()))
            .setFrom(statement.from())
            .setTo(statement.to())
            .setTtlSeconds(options.ttlSeconds())
            .setBlockSize(
                options.blockSize() == null
                    ? DEFAULT_BLOCK_SIZE
                    : TableRules.checkBlockSize(options.blockSize()))
            .setComment(statement.comment())
            .setReplicas(
                options.replicas() == null
                    ? DEFAULT_REPLICAS
                    : TableRules.checkReplicas(options.replicas()))
            .build();
    CreateTable table = options.splitAt() == null ? whole : split(whole, options.splitAt(), shards);
    TableRules.check(table);
    TableRules.checkUnique(table, statement.uniqueKeys());
    return table;
  }

  private static CreateTable split(
      CreateTable whole, List<SplitPoint> points, @Nullable Integer shards) {
    if (shards != null && shards == 1) {
      throw new ShardstreamException(
          ErrorCode.INVALID_SPLIT,
          whole.getTable(),
          "1 shards need 0 split points, and %d are given".formatted(points.size()));
    }
    return SplitKeys.split(whole, points.stream().map(SplitPoint::values).toList(), shards);
  }

  static Strategy strategy(@Nullable String written) {
    if (written == null || written.equalsIgnoreCase("hash")) {
      return Strategy.HASH;
    }
    if (written.equalsIgnoreCase("range")) {
      return Strategy.RANGE;
    }
    throw new ShardstreamException(
        ErrorCode.INVALID_OPTION, "STRATEGY", "'" + written + "' (must be 'hash' or 'range')");
  }

  static ColumnDefinition column(dev.shardstream.producer.sql.ColumnDefinition written) {
    ColumnDefinition definition =
        ColumnDefinition.newBuilder()
            .setName(written.name())
            .setType(TypeName.valueOf(written.type().name()))
            .setLength(written.length())
            .setNullable(written.nullable())
            .build();
    Expr defaultValue = written.defaultValue();
    if (defaultValue == null) {
      return definition;
    }
    if (defaultValue instanceof Expr.Literal literal) {
      return ColumnTypes.withDefault(definition, literal.value(), literal.text());
    }
    throw ColumnTypes.unsupportedDefault(definition, defaultValue.text());
  }
}
