package dev.shardstream.producer.query;

import dev.shardstream.schemas.sqlite.FatalFunctions;
import dev.shardstream.schemas.sqlite.GuestLimits;
import dev.shardstream.schemas.sqlite.StatementDeadline;
import dev.shardstream.schemas.sqlite.StatementWords;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * A SQLite in memory for text that a user wrote. It runs in the process of the client, or of a
 * gateway that serves many: such text is refused and bounded as in a shard.
 */
final class GuestSqlite {
  private GuestSqlite() {}

  static Connection open() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    SQLiteConnection limited = (SQLiteConnection) connection;
    limited.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, GuestLimits.VALUE_BYTES);
    limited.setLimit(SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, GuestLimits.LIKE_BYTES);
    return connection;
  }

  /** Interrupts what a connection runs when the time is over. */
  static StatementDeadline deadline(Connection connection, Duration limit) {
    return new StatementDeadline(limit, () -> interrupt(connection));
  }

  private static void interrupt(Connection connection) {
    try {
      ((SQLiteConnection) connection).getDatabase().interrupt();
    } catch (SQLException closed) {
      // It runs nothing any more.
    }
  }

  /**
   * The only way for a user's text to SQLite.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException QUERY_FAILED for what could end
   *     the process
   */
  static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    FatalFunctions.requireNone(StatementWords.of(sql));
    return connection.prepareStatement(sql);
  }
}
