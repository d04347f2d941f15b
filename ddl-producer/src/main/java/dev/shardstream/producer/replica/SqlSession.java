package dev.shardstream.producer.replica;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection to a local database, with what this package asks of one. */
final class SqlSession implements AutoCloseable {
  private static final int BUSY_MILLIS = 5_000;

  private final Connection connection;

  private SqlSession(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens a file for changes of its schema. Foreign keys are off and names in the application's own
   * views and triggers stay as they are while a table is replaced by its next form
   * (https://sqlite.org/lang_altertable.html).
   */
  static SqlSession writer(Path file) throws SQLException {
    SqlSession session = open(file);
    session.execute("PRAGMA foreign_keys=OFF");
    session.execute("PRAGMA legacy_alter_table=ON");
    return session;
  }

  /** Opens a file for reading, beside its writer. */
  static SqlSession reader(Path file) throws SQLException {
    SqlSession session = open(file);
    session.execute("PRAGMA query_only=ON");
    return session;
  }

  private static SqlSession open(Path file) throws SQLException {
    SqlSession session = new SqlSession(DriverManager.getConnection("jdbc:sqlite:" + file));
    try {
      session.execute("PRAGMA busy_timeout=" + BUSY_MILLIS);
      // Readers of the application go on while a table is made anew.
      session.execute("PRAGMA journal_mode=WAL");
      // What a power failure takes away is read from the catalog again.
      session.execute("PRAGMA synchronous=NORMAL");
      return session;
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  /** Runs one statement without a result. */
  void execute(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      statement.execute();
    }
  }

  /** Runs a statement that changes rows, and tells how many. */
  int update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  /** One row of a result. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      List<T> rows = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(reader.read(row));
        }
      }
      return Collections.unmodifiableList(rows);
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws SQLException;
  }

  /** All of it, or nothing. The write lock is taken at once, so that it never has to grow. */
  <T> T write(Work<T> work) throws SQLException {
    return transaction("BEGIN IMMEDIATE", work);
  }

  /** Everything that is read is one snapshot. */
  <T> T read(Work<T> work) throws SQLException {
    return transaction("BEGIN", work);
  }

  private <T> T transaction(String begin, Work<T> work) throws SQLException {
    plain(begin);
    try {
      T result = work.run();
      plain("COMMIT");
      return result;
    } catch (SQLException | RuntimeException | Error failure) {
      rollBack(failure);
      throw failure;
    }
  }

  private void rollBack(Throwable failure) {
    try {
      plain("ROLLBACK");
    } catch (SQLException alsoFailed) {
      // SQLite rolls back on its own after some errors; then this one says "no transaction".
      failure.addSuppressed(alsoFailed);
    }
  }

  private void plain(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
