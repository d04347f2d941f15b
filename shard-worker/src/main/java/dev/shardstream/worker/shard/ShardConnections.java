package dev.shardstream.worker.shard;

import dev.shardstream.schemas.sqlite.GuestLimits;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/** How a shard file is opened. */
record ShardConnections(Path path, ShardFile.Settings settings) {
  private static final int BUSY_MILLIS = 10_000;

  /** A page is looked at when it is read, at little cost (https://sqlite.org/pragma.html). */
  private static final String CHECK_PAGES = "PRAGMA cell_size_check = ON";

  /** For the owner; makes the file if there is none. */
  Connection writer() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-settings.cacheBytes() / 1024);
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, Long.toString(settings.walBytes()));
    Connection connection = config.createConnection("jdbc:sqlite:" + path);
    Transaction.execute(connection, "PRAGMA wal_autocheckpoint = 4000");
    Transaction.execute(connection, CHECK_PAGES);
    return connection;
  }

  /** Can neither write nor attach another database. */
  Connection reader() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-settings.cacheBytes() / 4096);
    Connection connection = config.createConnection("jdbc:sqlite:" + path);
    ((SQLiteConnection) connection).setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
    Transaction.execute(connection, CHECK_PAGES);
    return connection;
  }

  /** A reader for the statements of clients: bounded in what it makes of them, too. */
  Connection guest() throws SQLException {
    Connection connection = reader();
    SQLiteConnection limited = (SQLiteConnection) connection;
    limited.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, settings.valueBytes());
    limited.setLimit(SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, GuestLimits.LIKE_BYTES);
    return connection;
  }

  /** Empties the write-ahead log, unless a long reader is in the way. */
  static void truncateLog(Connection writer) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 100");
      try (ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
        result.next();
      } finally {
        statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
      }
    }
  }
}
