package dev.shardstream.producer.query;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.row.StoredValues;
import dev.shardstream.schemas.sqlite.StatementDeadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of expressions that read no table, as SQLite computes them: all of one statement's within
 * the time that it has. Used by one thread.
 */
public final class ExpressionValues implements AutoCloseable {
  private final Connection connection;
  private final Duration limit;
  private final StatementDeadline deadline;

  /**
   * @param limit time for all expressions, from now on
   */
  public ExpressionValues(Duration limit) {
    this.limit = limit;
    try {
      this.connection = GuestSqlite.open();
    } catch (SQLException e) {
      throw SqliteErrors.of(e);
    }
    this.deadline = GuestSqlite.deadline(connection, limit);
  }

  /**
   * The value of an expression.
   *
   * @param parameters stored values, the first is parameter 1; there may be more than it takes
   * @return a stored value
   * @throws ShardstreamException QUERY_FAILED with SQLite's words, STATEMENT_TIMEOUT
   */
  public @Nullable Object valueOf(String expr, List<@Nullable Object> parameters) {
    // Without a loop in it SQLite notices no interrupt.
    if (deadline.hasPassed()) {
      throw SqliteErrors.timeout(limit);
    }
    try (PreparedStatement statement = GuestSqlite.prepare(connection, "SELECT (" + expr + ")")) {
      int taken = statement.getParameterMetaData().getParameterCount();
      for (int i = 1; i <= taken; i++) {
        statement.setObject(i, parameters.get(i - 1));
      }
      try (ResultSet row = statement.executeQuery()) {
        return StoredValues.ofDriver(row.getObject(1));
      }
    } catch (SQLException e) {
      throw SqliteErrors.of(e, limit);
    }
  }

  @Override
  public void close() {
    deadline.close();
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqliteErrors.of(e);
    }
  }
}
