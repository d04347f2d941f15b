package dev.shardstream.worker;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.worker.apply.SegmentWriter;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.LoggedChange;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The table that the tests use, its changes, and shard files with rows in them. */
public final class Orders {
  public static final int PARTITIONS = 4;
  public static final ShardFile.Settings SETTINGS =
      new ShardFile.Settings(1024 * 1024, 4 * 1024 * 1024, 1024 * 1024);
  public static final List<Integer> ALL = IntStream.range(0, VirtualShards.COUNT).boxed().toList();

  /**
   * id BIGINT key, customer TEXT not null, price DOUBLE default 1.5, note VARCHAR(5), data BLOB.
   */
  public static final Table TABLE =
      new Table(
          "default",
          "default-orders-1",
          "orders",
          1,
          TableStatus.ACTIVE,
          TableType.REGULAR,
          List.of(
              new Column(1, "id", TypeName.BIGINT, null, false, null, null, null),
              new Column(2, "customer", TypeName.TEXT, null, false, null, null, null),
              new Column(3, "price", TypeName.DOUBLE, null, true, 1.5, 1.5, null),
              new Column(4, "note", TypeName.VARCHAR, 5, true, null, null, null),
              new Column(5, "data", TypeName.BLOB, null, true, null, null, null)),
          List.of(1),
          List.of(1),
          Strategy.HASH,
          PARTITIONS,
          6,
          List.of(),
          1,
          500,
          null,
          null,
          null,
          0L,
          null,
          1,
          List.of());

  public static final RowVersion VERSION = RowVersion.of(TABLE);

  private Orders() {}

  /** The same table, divided by ranges of ids. */
  public static final Table RANGED = like(TableType.REGULAR, Strategy.RANGE, null);

  /** The same columns as a stream table. */
  public static Table stream(Long ttlSeconds) {
    return like(TableType.STREAM, Strategy.HASH, ttlSeconds);
  }

  private static Table like(TableType type, Strategy strategy, Long ttlSeconds) {
    return new Table(
        TABLE.getDatabase(),
        TABLE.getTableId(),
        TABLE.getName(),
        1,
        TableStatus.ACTIVE,
        type,
        TABLE.getColumns(),
        TABLE.getPrimaryKey(),
        TABLE.getShardKey(),
        strategy,
        PARTITIONS,
        TABLE.getNextColumnId(),
        List.of(),
        1,
        500,
        ttlSeconds,
        null,
        null,
        0L,
        null,
        1,
        List.of());
  }

  /** The ranges between ids, one more than there are ids. */
  public static List<KeyRange> ranges(Long... splitAt) {
    return KeyRanges.between(Arrays.stream(splitAt).map(id -> OrderedKey.of(List.of(id))).toList());
  }

  /** A shard of {@link #RANGED} that applies, with everything before it applied. */
  public static ShardFile ranged(
      Path directory, int shardId, KeyRange range, List<LoggedChange> changes)
      throws SQLException, IOException {
    ShardFile file =
        ShardFile.create(
            directory.resolve(shardId + ".sqlite"),
            SETTINGS,
            new ShardDefinition(
                new ShardRef(TABLE.getTableId(), shardId),
                RANGED,
                ALL,
                range,
                ShardState.APPLYING));
    apply(file, changes);
    return file;
  }

  public static int virtualShard(long id) {
    return VirtualShards.of(CanonicalKey.of(List.of(id)));
  }

  public static int partition(long id) {
    return VirtualShards.partitionOf(virtualShard(id), PARTITIONS);
  }

  public static RowKey key(long id) {
    return new RowKey(virtualShard(id), List.of(id), CanonicalKey.of(List.of(id)));
  }

  /** Columns are given as id, value, id, value, …; null values are possible. */
  public static RowChange change(RowChange.Op op, Object... columns) {
    return change(op, null, columns);
  }

  public static RowChange change(RowChange.Op op, Long ifVersion, Object... columns) {
    return change(VERSION, op, ifVersion, columns);
  }

  /** A change by a writer who knows that version of the table. */
  public static RowChange change(
      RowVersion writer, RowChange.Op op, Long ifVersion, Object... columns) {
    List<Integer> ids = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < columns.length; i += 2) {
      ids.add((Integer) columns[i]);
      values.add(columns[i + 1]);
    }
    return new RowChange(op, ifVersion, writer, new RowChange.ColumnValues(ids, values));
  }

  public static LoggedChange logged(long offset, RowChange change) {
    long id = (Long) change.values().get(1);
    return new LoggedChange(key(id), change, partition(id), offset, 1_000 + offset);
  }

  public static LoggedChange upsert(long offset, long id, String customer) {
    return logged(offset, change(RowChange.Op.UPSERT, 1, id, 2, customer));
  }

  public static ShardDefinition definition(int shardId, List<Integer> held, ShardState state) {
    return new ShardDefinition(new ShardRef(TABLE.getTableId(), shardId), TABLE, held, state);
  }

  /** A shard that applies, with everything before it applied. */
  public static ShardFile shard(Path directory, int shardId, List<LoggedChange> changes)
      throws SQLException, IOException {
    ShardFile file =
        ShardFile.create(
            directory.resolve(shardId + ".sqlite"),
            SETTINGS,
            definition(shardId, ALL, ShardState.APPLYING));
    apply(file, changes);
    return file;
  }

  /** Applies changes that the shard has not applied yet, as one batch. */
  public static SegmentWriter.Committed apply(ShardFile file, List<LoggedChange> changes)
      throws SQLException {
    try (SegmentWriter writer = new SegmentWriter(file)) {
      Segment all =
          new Segment(changes.stream().<LogEntry>map(LogEntry.Changed::new).toList(), Map.of());
      Segment ours =
          new Segment(all.entries().stream().filter(writer::concerns).toList(), Map.of());
      return writer.commit(ours, all.reached());
    }
  }

  /** Every physical row with its SQLite types, in key order. */
  public static List<String> dump(Connection connection) throws SQLException {
    return rows(
        connection,
        "SELECT *, typeof(c1), typeof(c3), typeof(c4), typeof(c5) FROM \"default-orders-1\""
            + " ORDER BY _virtualShard, c1");
  }

  public static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          Object value = row.getObject(i);
          values.add(
              value instanceof byte[] bytes
                  ? HexFormat.of().formatHex(bytes)
                  : String.valueOf(value));
        }
        rows.add(String.join("|", values));
      }
    }
    return rows;
  }

  /** Rows by virtual shard as the table counts them. */
  public static Map<Integer, Long> counted(Connection connection) throws SQLException {
    Map<Integer, Long> counts = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT _virtualShard, count(*) FROM \"default-orders-1\" GROUP BY 1")) {
      while (row.next()) {
        counts.put(row.getInt(1), row.getLong(2));
      }
    }
    return counts;
  }
}
