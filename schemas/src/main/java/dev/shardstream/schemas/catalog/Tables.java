package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.row.RowChange;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Questions to a table's definition and topology. */
public final class Tables {
  private Tables() {}

  /** The key of a table's records in {@code catalog} and {@code topology}. */
  public static String key(String database, String tableId) {
    return database + "/" + tableId;
  }

  public static TableId id(Table table) {
    return new TableId(table.getTableId());
  }

  /** The column of that name, compared without regard to case. */
  public static Optional<Column> column(Table table, String name) {
    return table.getColumns().stream().filter(c -> Names.same(c.getName(), name)).findFirst();
  }

  /** The column of that name, or COLUMN_NOT_FOUND. */
  public static Column requireColumn(Table table, String name) {
    return column(table, name)
        .orElseThrow(
            () -> new ShardstreamException(ErrorCode.COLUMN_NOT_FOUND, name, table.getName()));
  }

  /** The column of that id, which must exist. */
  public static Column column(Table table, int id) {
    return table.getColumns().stream().filter(c -> c.getId() == id).findFirst().orElseThrow();
  }

  /** Primary key columns in key order. */
  public static List<Column> primaryKey(Table table) {
    return table.getPrimaryKey().stream().map(id -> column(table, id)).toList();
  }

  /** Shard key columns in key order. */
  public static List<Column> shardKey(Table table) {
    return table.getShardKey().stream().map(id -> column(table, id)).toList();
  }

  /**
   * The canonical bytes of a row's primary key: the key of its log records.
   *
   * @throws NullPointerException when a key column is NULL or not set
   */
  public static byte[] primaryKeyBytes(Table table, RowChange.ColumnValues values) {
    return keyBytes(table.getPrimaryKey(), values);
  }

  /** The canonical bytes of a row's shard key, from which its virtual shard follows. */
  public static byte[] shardKeyBytes(Table table, RowChange.ColumnValues values) {
    return keyBytes(table.getShardKey(), values);
  }

  private static byte[] keyBytes(List<Integer> columns, RowChange.ColumnValues values) {
    List<Object> key = new ArrayList<>(columns.size());
    for (int id : columns) {
      key.add(Objects.requireNonNull(values.get(id), "key column"));
    }
    return CanonicalKey.of(key);
  }

  /** Key values as a person reads them in an error: {@code 17, 'a'}. */
  public static String keyText(List<? extends @Nullable Object> values) {
    return String.join(", ", values.stream().map(Tables::text).toList());
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return "'" + text.replace("'", "''") + "'";
    }
    if (value instanceof byte[] bytes) {
      return "x'" + HexFormat.of().formatHex(bytes) + "'";
    }
    return String.valueOf(value);
  }

  /** The shards that own virtual shards at this epoch, by id: every row is in exactly one. */
  public static List<Shard> owners(Topology topology) {
    return active(topology).filter(s -> s.getRole() == ShardRole.OWNER).toList();
  }

  /** Those that have the rows of an owner at this epoch, by id: itself and its replicas. */
  public static List<Shard> holders(Topology topology, Shard owner) {
    return active(topology).filter(s -> haveTheSame(s, owner)).toList();
  }

  /** Whether two shards hold the same rows. */
  public static boolean haveTheSame(Shard one, Shard other) {
    return one.getVirtualShards().equals(other.getVirtualShards())
        && Objects.equals(one.getRange(), other.getRange());
  }

  private static Stream<Shard> active(Topology topology) {
    return topology.getShards().stream().filter(s -> s.getStatus() == ShardStatus.ACTIVE);
  }

  /** The shard of that id, if the topology has it. */
  public static Optional<Shard> shard(Topology topology, int shardId) {
    return topology.getShards().stream().filter(s -> s.getId() == shardId).findFirst();
  }

  /** A table's type as people read it: Regular, Node, Edge or Stream. */
  public static String typeName(TableType type) {
    return type.name().charAt(0) + type.name().substring(1).toLowerCase(Locale.ROOT);
  }

  /** A shard's name in errors, logs and metrics: {@code default-orders-1/3}. */
  public static String shardName(String tableId, int shardId) {
    return tableId + "/" + shardId;
  }
}
