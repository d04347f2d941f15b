package dev.shardstream.producer.snapshot;

import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.StoredValues;
import dev.shardstream.schemas.snapshot.RowsDigest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/** A slice, opened for reading only and not trusted: it may have come from anywhere. */
public final class SliceFile implements AutoCloseable {
  private final Connection connection;

  private SliceFile(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens a slice.
   *
   * @throws SQLException when it is none: no SQLite file, a damaged one, or one with more in it
   *     than tables
   */
  public static SliceFile open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try {
      SliceFile slice = new SliceFile(connection);
      slice.require("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
      slice.requireSound();
      return slice;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void require(String pragmas) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String pragma : pragmas.split("; ")) {
        statement.execute(pragma);
      }
    }
  }

  private void requireSound() throws SQLException {
    if (!"ok".equals(first("PRAGMA quick_check(1)"))) {
      throw new SQLException("it is damaged: " + first("PRAGMA quick_check(1)"));
    }
    Object programs =
        first(
            "SELECT group_concat(name) FROM sqlite_schema WHERE type IN ('view', 'trigger') OR sql"
                + " LIKE 'CREATE VIRTUAL%'");
    if (programs != null) {
      throw new SQLException("it has more in it than tables: " + programs);
    }
  }

  private @Nullable Object first(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getObject(1) : null;
    }
  }

  /** Version of the table that its rows have. */
  public int schemaVersion() throws SQLException {
    Object version = first("PRAGMA user_version");
    return version instanceof Number number ? number.intValue() : 0;
  }

  /**
   * Where in the log its rows are.
   *
   * @param position the first offset whose change may not be in it
   * @param lastPosition the first offset whose change is not in it
   */
  public record Reached(int partition, long position, long lastPosition) {}

  /**
   * How far it is.
   *
   * @throws SQLException when it does not say so of exactly this virtual shard
   */
  public Reached reached(int virtualShard) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), min(virtual_shard), max(virtual_shard), min(partition),"
                    + " max(partition), min(next_offset), max(next_offset) FROM _positions")) {
      if (row.getInt(1) == 0
          || row.getInt(2) != virtualShard
          || row.getInt(3) != virtualShard
          || row.getInt(4) != row.getInt(5)) {
        throw new SQLException("it is not one of virtual shard " + virtualShard);
      }
      return new Reached(row.getInt(4), row.getLong(6), row.getLong(7));
    }
  }

  /**
   * The digest of its rows.
   *
   * @param table at the slice's version
   * @throws SQLException when it has rows of another virtual shard
   */
  public RowsDigest digest(Table table, int virtualShard) throws SQLException {
    RowsDigest[] sum = {RowsDigest.NONE};
    scan(connection, table, virtualShard, row -> sum[0] = sum[0].plus(RowsDigest.of(row)));
    Object all = first("SELECT count(*) FROM " + Identifiers.quote(table.getTableId()));
    if (!(all instanceof Number count) || count.longValue() != sum[0].rows()) {
      throw new SQLException("it has rows of other virtual shards than " + virtualShard);
    }
    return sum[0];
  }

  /** Hands over the rows of the slice, see {@link #scan}. */
  public void rows(Table table, int virtualShard, Consumer<List<@Nullable Object>> sink)
      throws SQLException {
    scan(connection, table, virtualShard, sink);
  }

  /**
   * Hands over the rows of a virtual shard in a slice or in a shard file, which has the same form.
   *
   * @param sink gets the user columns in the table's order, as SQLite gives them, numbers as Long
   */
  public static void scan(
      Connection connection, Table table, int virtualShard, Consumer<List<@Nullable Object>> sink)
      throws SQLException {
    String columns =
        table.getColumns().stream().map(c -> "c" + c.getId()).collect(Collectors.joining(", "));
    int count = table.getColumns().size();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + columns
                + " FROM "
                + Identifiers.quote(table.getTableId())
                + " WHERE _virtualShard = ?")) {
      select.setInt(1, virtualShard);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          List<@Nullable Object> values = new ArrayList<>(count);
          for (int i = 1; i <= count; i++) {
            values.add(StoredValues.ofDriver(row.getObject(i)));
          }
          sink.accept(values);
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
