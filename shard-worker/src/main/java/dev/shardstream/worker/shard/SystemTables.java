package dev.shardstream.worker.shard;

import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.serde.TableBytes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables of a shard file beside the rows: what the shard is, and how far it has got. */
public final class SystemTables {
  private static final int FORMAT = 4;

  /** A format before that, which knows no ranges of shard keys. */
  private static final int WITHOUT_RANGE = 3;

  /** The one before, which lacks two columns more. */
  private static final int WITHOUT_REPAIR = 2;

  private static final String REPAIR = "repair INTEGER NOT NULL DEFAULT 0";
  private static final String SERVING = "serving INTEGER NOT NULL DEFAULT 1";
  private static final String RANGE_FROM = "range_from BLOB";
  private static final String RANGE_TO = "range_to BLOB";

  private static final List<String> CREATE =
      List.of(
          "CREATE TABLE _shard (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL,"
              + " table_id TEXT NOT NULL, shard_id INTEGER NOT NULL, state TEXT NOT NULL,"
              + " virtual_shards TEXT NOT NULL, table_schema TEXT NOT NULL,"
              + " table_value BLOB NOT NULL, "
              + REPAIR
              + ", "
              + SERVING
              + ", "
              + RANGE_FROM
              + ", "
              + RANGE_TO
              + ") STRICT",
          PositionTable.CREATE,
          "CREATE TABLE _rejections (partition INTEGER NOT NULL, \"offset\" INTEGER NOT NULL,"
              + " virtual_shard INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL,"
              + " at INTEGER NOT NULL, published INTEGER NOT NULL,"
              + " PRIMARY KEY (partition, \"offset\")) STRICT, WITHOUT ROWID",
          RuleTable.CREATE,
          "CREATE INDEX _rejections_by_virtual_shard ON _rejections (virtual_shard)",
          "CREATE INDEX _rejections_to_publish ON _rejections (published) WHERE published = 0");

  private SystemTables() {}

  /** The tables of a slice: those of a shard, without what the shard is. */
  public static void createForSlice(Connection writer) throws SQLException {
    for (String sql : CREATE.subList(1, 4)) {
      Transaction.execute(writer, sql);
    }
  }

  static void create(Connection writer, ShardDefinition definition) throws SQLException {
    for (String sql : CREATE) {
      Transaction.execute(writer, sql);
    }
    try (PreparedStatement insert =
        writer.prepareStatement("INSERT INTO _shard VALUES (1, ?, ?, ?, ?, ?, ?, ?, 0, 1, ?, ?)")) {
      insert.setInt(1, FORMAT);
      insert.setString(2, definition.ref().tableId());
      insert.setInt(3, definition.ref().shardId());
      insert.setString(4, definition.state().name());
      insert.setString(
          5,
          definition.virtualShards().stream()
              .map(String::valueOf)
              .collect(Collectors.joining(",")));
      insert.setString(6, TableBytes.schema());
      insert.setBytes(7, TableBytes.encode(definition.table()));
      insert.setBytes(8, Segments.from(definition.range()));
      insert.setBytes(9, PositionTable.to(definition.range()));
      insert.executeUpdate();
    }
    writeVersion(writer, definition.table());
  }

  /** Gives a file of an earlier format what it lacks. */
  static void upgrade(Connection writer) throws SQLException {
    int format = format(writer);
    if (format != WITHOUT_REPAIR && format != WITHOUT_RANGE) {
      return;
    }
    Transaction.write(
        writer,
        () -> {
          if (format == WITHOUT_REPAIR) {
            addColumns(writer, REPAIR, SERVING);
          }
          addColumns(writer, RANGE_FROM, RANGE_TO);
          PositionTable.upgrade(writer);
          Transaction.execute(writer, "UPDATE _shard SET format = " + FORMAT);
          return true;
        });
  }

  private static void addColumns(Connection writer, String... columns) throws SQLException {
    for (String column : columns) {
      Transaction.execute(writer, "ALTER TABLE _shard ADD COLUMN " + column);
    }
  }

  private static int format(Connection writer) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      if (!exists(statement)) {
        return FORMAT;
      }
      try (ResultSet row = statement.executeQuery("SELECT format FROM _shard")) {
        return row.next() ? row.getInt(1) : FORMAT;
      }
    }
  }

  /** Writes the table's definition; to be called in the transaction that alters the table. */
  static void writeTable(Connection writer, Table table) throws SQLException {
    try (PreparedStatement update =
        writer.prepareStatement("UPDATE _shard SET table_schema = ?, table_value = ?")) {
      update.setString(1, TableBytes.schema());
      update.setBytes(2, TableBytes.encode(table));
      update.executeUpdate();
    }
    writeVersion(writer, table);
  }

  /**
   * Writes the table's schema version where every snapshot shows it cheaply, a slice's too
   * (https://sqlite.org/pragma.html#pragma_user_version).
   */
  public static void writeVersion(Connection writer, Table table) throws SQLException {
    Transaction.execute(writer, "PRAGMA main.user_version = " + table.getSchemaVersion());
  }

  /**
   * The table's schema version as of the connection's snapshot.
   *
   * @param database name of the file in the connection: main, or that of an attached one
   */
  public static int readVersion(Connection connection, String database) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + database + ".user_version")) {
      return row.getInt(1);
    }
  }

  /**
   * The table's shape as of the connection's snapshot.
   *
   * @param newest a shape of this table; it is the result when the snapshot has its version
   */
  public static TableShape readShape(Connection connection, TableShape newest) throws SQLException {
    return readVersion(connection, "main") == newest.table().getSchemaVersion()
        ? newest
        : new TableShape(read(connection).orElseThrow().table());
  }

  /** Empty when the file's creation did not finish. */
  static Optional<ShardDefinition> read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!exists(statement)) {
        return Optional.empty();
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT format, table_id, shard_id, state, virtual_shards, table_schema, table_value,"
                  + " range_from, range_to FROM _shard")) {
        if (!row.next()) {
          return Optional.empty();
        }
        if (row.getInt(1) != FORMAT) {
          throw new SQLException("the shard file has format " + row.getInt(1) + ", not " + FORMAT);
        }
        return Optional.of(
            new ShardDefinition(
                new ShardRef(row.getString(2), row.getInt(3)),
                decode(row.getString(6), row.getBytes(7)),
                numbers(row.getString(5)),
                PositionTable.range(row.getBytes(8), row.getBytes(9)),
                ShardState.valueOf(row.getString(4))));
      }
    }
  }

  private static boolean exists(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("SELECT count(*) FROM sqlite_schema WHERE name = '_shard'")) {
      return row.getInt(1) == 1;
    }
  }

  private static List<Integer> numbers(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  static void writeState(Connection writer, ShardState state) throws SQLException {
    try (PreparedStatement update = writer.prepareStatement("UPDATE _shard SET state = ?")) {
      update.setString(1, state.name());
      update.executeUpdate();
    }
  }

  /** Number of the last repair. */
  static int readRepair(Connection connection) throws SQLException {
    return number(connection, "SELECT repair FROM _shard");
  }

  static Service readService(Connection connection) throws SQLException {
    return Service.of(number(connection, "SELECT serving FROM _shard"));
  }

  private static int number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getInt(1);
    }
  }

  static void writeService(Connection writer, Service service) throws SQLException {
    update(writer, "UPDATE _shard SET serving = ?", service.code());
  }

  static void writeRepair(Connection writer, int number) throws SQLException {
    update(writer, "UPDATE _shard SET repair = ?", number);
  }

  /** Removes what the file knows of virtual shards. */
  static void forget(Connection writer, TableShape shape, Collection<Integer> virtualShards)
      throws SQLException {
    for (int virtualShard : virtualShards) {
      update(writer, "DELETE FROM " + shape.name() + " WHERE _virtualShard = ?", virtualShard);
      PositionTable.forget(writer, virtualShard);
      RuleTable.forget(writer, virtualShard);
      RejectionTable.forget(writer, virtualShard);
    }
  }

  private static void update(Connection writer, String sql, int value) throws SQLException {
    try (PreparedStatement update = writer.prepareStatement(sql)) {
      update.setInt(1, value);
      update.executeUpdate();
    }
  }

  private static Table decode(String schema, byte[] value) throws SQLException {
    try {
      return TableBytes.decode(schema, value);
    } catch (IOException e) {
      throw new SQLException("the shard file's table definition cannot be read", e);
    }
  }
}
