package dev.shardstream.producer.query;

import dev.shardstream.producer.query.Plan.Gathered;
import dev.shardstream.producer.query.Plan.GatheredColumn;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.row.StoredValues;
import dev.shardstream.schemas.sqlite.StatementDeadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The in-memory SQLite over which a statement runs. Tables look as they do in a shard: views over
 * STRICT columns, without a rowid. Rows keep the order of shards and of each shard's answer,
 * however they arrive, so that the same data gives the same result.
 */
final class GatherDatabase implements AutoCloseable {
  private static final int PAGE_BYTES = 4096;
  private static final int READ_SHIFT = 40;

  private final Connection connection;
  private final long byteLimit;

  /**
   * @param byteLimit most memory that it takes
   */
  GatherDatabase(long byteLimit) {
    this.byteLimit = byteLimit;
    try {
      this.connection = GuestSqlite.open();
      execute("PRAGMA page_size=" + PAGE_BYTES);
      execute("PRAGMA max_page_count=" + Math.max(16, byteLimit / PAGE_BYTES));
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw SqliteErrors.of(e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Makes an empty table and gives what fills it. */
  Loader create(Gathered table) {
    String rows = Identifiers.quote("rows of " + table.name());
    String columns =
        IntStream.range(0, table.columns().size())
            .mapToObj(i -> "c" + i + " " + storageClass(table.columns().get(i)))
            .collect(Collectors.joining(", "));
    String exposed =
        table.columns().stream()
            .map(GatheredColumn::name)
            .map(Identifiers::quote)
            .collect(Collectors.joining(", "));
    String stored =
        IntStream.range(0, table.columns().size())
            .mapToObj(i -> readExpression("c" + i, table.columns().get(i)))
            .collect(Collectors.joining(", "));
    try {
      execute("CREATE TABLE " + rows + " (arrival INTEGER PRIMARY KEY, " + columns + ") STRICT");
      execute(
          "CREATE VIEW %s (%s) AS SELECT %s FROM %s"
              .formatted(Identifiers.quote(table.name()), exposed, stored, rows));
      String values = ", ?".repeat(table.columns().size());
      return new Loader(
          connection.prepareStatement("INSERT INTO " + rows + " VALUES (?" + values + ")"));
    } catch (SQLException e) {
      throw SqliteErrors.of(e);
    }
  }

  /**
   * REAL affinity would turn -0.0 into 0.0 when a row is stored
   * (https://sqlite.org/datatype3.html): reals are kept as they are, and the view gives them their
   * affinity back.
   */
  private static String storageClass(GatheredColumn column) {
    return column.type().equals("REAL") ? "ANY" : column.type();
  }

  private static String readExpression(String stored, GatheredColumn column) {
    return column.type().equals("REAL") ? "CAST(" + stored + " AS REAL)" : stored;
  }

  /** Fills one table. */
  final class Loader implements AutoCloseable {
    private final PreparedStatement insert;

    private Loader(PreparedStatement insert) {
      this.insert = insert;
    }

    /**
     * Adds rows.
     *
     * @param read which of the table's reads answered them
     * @param first how many rows that read answered before
     * @throws ShardstreamException ROW_LIMIT when memory is used up
     */
    void add(int read, long first, List<List<@Nullable Object>> rows) {
      try {
        long arrival = ((long) read << READ_SHIFT) + first;
        for (List<@Nullable Object> row : rows) {
          insert.setLong(1, arrival++);
          bind(insert, 2, row);
          insert.addBatch();
        }
        insert.executeBatch();
      } catch (SQLException e) {
        throw isFull(e) ? tooLarge(e) : SqliteErrors.of(e);
      }
    }

    @Override
    public void close() {
      try {
        insert.close();
      } catch (SQLException e) {
        throw SqliteErrors.of(e);
      }
    }
  }

  /** Makes a table for one row at a time, and what asks for a condition on it. */
  RowTest rowTest(Gathered table, Query where) {
    Loader loader = create(table);
    try {
      PreparedStatement select =
          GuestSqlite.prepare(
              connection,
              "SELECT 1 FROM " + Identifiers.quote(table.name()) + " WHERE (" + where.sql() + ")");
      bind(select, 1, where.parameters());
      PreparedStatement delete =
          connection.prepareStatement(
              "DELETE FROM " + Identifiers.quote("rows of " + table.name()));
      return new RowTest(loader, select, delete);
    } catch (SQLException e) {
      throw SqliteErrors.of(e);
    }
  }

  /** A condition on one row. */
  final class RowTest implements AutoCloseable {
    private final Loader loader;
    private final PreparedStatement select;
    private final PreparedStatement delete;

    private RowTest(Loader loader, PreparedStatement select, PreparedStatement delete) {
      this.loader = loader;
      this.select = select;
      this.delete = delete;
    }

    boolean matches(List<@Nullable Object> row) {
      try {
        loader.add(0, 0, List.of(row));
        try (ResultSet found = select.executeQuery()) {
          return found.next();
        } finally {
          delete.executeUpdate();
        }
      } catch (SQLException e) {
        throw SqliteErrors.of(e);
      }
    }

    @Override
    public void close() {
      try (loader) {
        select.close();
        delete.close();
      } catch (SQLException e) {
        throw SqliteErrors.of(e);
      }
    }
  }

  private static boolean isFull(SQLException e) {
    return e.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code
        || e instanceof SQLiteException sqlite
            && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
  }

  private ShardstreamException tooLarge(SQLException e) {
    return ShardstreamException.reported(
            ErrorCode.ROW_LIMIT,
            "The statement gathers more than "
                + (byteLimit >> 20)
                + " MiB from its shards: name fewer columns or filter by the shard key")
        .causedBy(e);
  }

  /** The names of a statement's columns; it is not run. */
  List<String> columns(Query query) {
    try (PreparedStatement statement = GuestSqlite.prepare(connection, query.sql())) {
      return names(statement.getMetaData());
    } catch (SQLException e) {
      throw SqliteErrors.of(e);
    }
  }

  /**
   * Runs a statement.
   *
   * @param header see {@link Plan.Gather}
   * @param timeout STATEMENT_TIMEOUT after it
   */
  void run(Query query, @Nullable Query header, Duration timeout, RowSink sink) {
    List<String> names = columns(header == null ? query : header);
    try (PreparedStatement statement = GuestSqlite.prepare(connection, query.sql())) {
      bind(statement, 1, query.parameters());
      StatementDeadline deadline = GuestSqlite.deadline(connection, timeout);
      try (ResultSet rows = statement.executeQuery()) {
        sink.columns(names);
        while (rows.next()) {
          sink.row(row(rows, names.size()));
        }
      } finally {
        deadline.close();
      }
    } catch (SQLException e) {
      throw SqliteErrors.of(e, timeout);
    }
  }

  private static List<String> names(ResultSetMetaData columns) throws SQLException {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(columns.getColumnName(i));
    }
    return Collections.unmodifiableList(names);
  }

  private static List<@Nullable Object> row(ResultSet rows, int columns) throws SQLException {
    List<@Nullable Object> row = new ArrayList<>(columns);
    for (int i = 1; i <= columns; i++) {
      row.add(StoredValues.ofDriver(rows.getObject(i)));
    }
    return row;
  }

  private static void bind(PreparedStatement statement, int first, List<@Nullable Object> values)
      throws SQLException {
    int index = first;
    for (Object value : values) {
      if (value instanceof byte[] bytes) {
        statement.setBytes(index++, bytes);
      } else {
        statement.setObject(index++, value);
      }
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqliteErrors.of(e);
    }
  }
}
