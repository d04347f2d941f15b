package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.catalog.CatalogView;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.TableDefinition;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a table must keep to, as far as it can be told without asking anybody. */
public final class TableRules {
  private static final int LARGEST_BLOCK = 10_000;
  private static final int MOST_REPLICAS = 8;

  static {
    Events.trust(Table.class);
  }

  private TableRules() {}

  /**
   * Checks a definition by the catalog's own rules, as if the node tables that it names were there.
   *
   * @return the same definition
   * @throws ShardstreamException the first rule that it breaks
   */
  public static CreateTable check(CreateTable definition) {
    table(definition);
    return definition;
  }

  /** The table that a definition asks for, by the same rules. */
  static Table table(CreateTable definition) {
    return TableDefinition.of(definition, "assumed", 1, 0, new AssumedCatalog(nodeKey(definition)));
  }

  /** What the key of an edge table's node tables must be for its split points to fit. */
  private static TypeName nodeKey(CreateTable definition) {
    Object first =
        definition.getSplitAt().isEmpty()
            ? null
            : OrderedKey.values(KeyRanges.bytes(definition.getSplitAt().get(0))).get(0);
    if (first instanceof String) {
      return TypeName.TEXT;
    }
    if (first instanceof Double) {
      return TypeName.DOUBLE;
    }
    return first instanceof byte[] ? TypeName.BLOB : TypeName.BIGINT;
  }

  /**
   * Checks the UNIQUE constraints of a definition. One that contains the whole primary key follows
   * from it; any other is an index, which a table gets once it is there.
   *
   * @throws ShardstreamException UNIQUE_WITHOUT_SHARD_KEY, UNSUPPORTED, COLUMN_NOT_FOUND
   */
  public static void checkUnique(CreateTable definition, List<List<String>> uniqueKeys) {
    Table table = table(definition);
    for (List<String> unique : uniqueKeys) {
      List<Integer> ids =
          unique.stream().map(column -> Tables.requireColumn(table, column).getId()).toList();
      String columns = String.join(", ", unique);
      if (!ids.containsAll(table.getShardKey())) {
        throw new ShardstreamException(
            ErrorCode.UNIQUE_WITHOUT_SHARD_KEY,
            columns,
            table.getName(),
            Tables.shardKey(table).stream().map(Column::getName).collect(Collectors.joining(", ")));
      }
      if (!ids.containsAll(table.getPrimaryKey())) {
        throw new ShardstreamException(
            ErrorCode.UNSUPPORTED,
            ("UNIQUE (%s) on table '%s' besides the primary key:"
                    + " create the table, then CREATE UNIQUE INDEX")
                .formatted(columns, table.getName()));
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

  /**
   * @throws ShardstreamException INVALID_REPLICAS
   */
  public static int checkReplicas(long replicas) {
    if (replicas < 1 || replicas > MOST_REPLICAS) {
      throw new ShardstreamException(ErrorCode.INVALID_REPLICAS, replicas);
    }
    return (int) replicas;
  }

  /** Has every table that is asked for, as a node table. */
  private static final class AssumedCatalog implements CatalogView {
    private static final String KEY = "id";

    private final TypeName keyType;

    AssumedCatalog(TypeName keyType) {
      this.keyType = keyType;
    }

    @Override
    public Optional<Table> table(String name) {
      CreateTable node =
          CreateTable.newBuilder()
              .setTable("node")
              .setColumns(List.of(new ColumnDefinition(KEY, keyType, null, false, null)))
              .setPrimaryKey(List.of(KEY))
              .setStrategy(Strategy.HASH)
              .setType(TableType.NODE)
              .build();
      Table creating = TableDefinition.of(node, "assumed", 1, 0, this);
      return Optional.of(Table.newBuilder(creating).setStatus(TableStatus.ACTIVE).build());
    }

    @Override
    public Optional<Table> tableOfIndex(String index) {
      return Optional.empty();
    }

    @Override
    public int liveQueries(String tableId, int columnId) {
      return 0;
    }
  }
}
