package dev.shardstream.worker.shard;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A transaction on a connection in auto-commit mode: all of it, or nothing. */
public final class Transaction {
  private Transaction() {}

  /** What is done in a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws SQLException;
  }

  /** Takes the write lock at once, so that a writer never has to upgrade a read lock. */
  public static <T> T write(Connection connection, Work<T> work) throws SQLException {
    return run(connection, "BEGIN IMMEDIATE", work);
  }

  /**
   * Commits what the control plane is told of as done, with all that was committed before it. Not
   * even a power cut takes that back: a shard that has no positions any more cannot read the log
   * again, and nobody would copy it once more (https://sqlite.org/pragma.html#pragma_synchronous).
   */
  static <T> T durable(Connection connection, Work<T> work) throws SQLException {
    execute(connection, "PRAGMA synchronous = FULL");
    try {
      return write(connection, work);
    } finally {
      execute(connection, "PRAGMA synchronous = NORMAL");
    }
  }

  /** Takes locks as they are needed; everything it reads of one database is one snapshot. */
  public static <T> T deferred(Connection connection, Work<T> work) throws SQLException {
    return run(connection, "BEGIN", work);
  }

  private static <T> T run(Connection connection, String begin, Work<T> work) throws SQLException {
    execute(connection, begin);
    try {
      T result = work.run();
      execute(connection, "COMMIT");
      return result;
    } catch (SQLException | RuntimeException | Error failure) {
      rollBack(connection, failure);
      throw failure;
    }
  }

  private static void rollBack(Connection connection, Throwable failure) {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException alsoFailed) {
      // SQLite rolls back on its own after some errors; then this one says "no transaction".
      failure.addSuppressed(alsoFailed);
    }
  }

  /** Runs one statement without a result. */
  public static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
