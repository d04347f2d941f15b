package dev.shardstream.producer.query;

import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.TableRef;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.SQLiteErrorCode;

/** SQLite's complaints in our words, wherever it ran: it decides which names a statement has. */
final class SqliteErrors {
  private static final Pattern DRIVER = Pattern.compile("(?s)\\[[A-Z_]+]\\s+[^(]*\\((.*)\\)");
  private static final Pattern NO_COLUMN =
      Pattern.compile("(?s)no such column: \"?(?:(.*)\\.)?([^.\"]+?)\"?(?: - should this be .*)?");
  private static final Pattern AMBIGUOUS =
      Pattern.compile("(?s)ambiguous column name: (?:.*\\.)?(.*)");

  private SqliteErrors() {}

  /** An error of the driver as QUERY_FAILED with SQLite's own words. */
  static ShardstreamException of(SQLException error) {
    String message = String.valueOf(error.getMessage());
    Matcher matcher = DRIVER.matcher(message);
    return new ShardstreamException(
            ErrorCode.QUERY_FAILED, matcher.matches() ? matcher.group(1) : message)
        .causedBy(error);
  }

  /**
   * The error of a statement that is interrupted when its time is over.
   *
   * @param limit the time that it had
   */
  static ShardstreamException of(SQLException error, Duration limit) {
    return error.getErrorCode() == SQLiteErrorCode.SQLITE_INTERRUPT.code
        ? timeout(limit).causedBy(error)
        : of(error);
  }

  static ShardstreamException timeout(Duration limit) {
    return new ShardstreamException(ErrorCode.STATEMENT_TIMEOUT, limit.toMillis());
  }

  /** The error with the code that it deserves, if it is about the statement's columns. */
  static ShardstreamException refined(ShardstreamException error, SelectStatement select) {
    if (error.code() != ErrorCode.QUERY_FAILED) {
      return error;
    }
    Matcher missing = NO_COLUMN.matcher(error.getMessage());
    if (missing.matches()) {
      String tables = tables(select, missing.group(1));
      return tables.isEmpty()
          ? error
          : new ShardstreamException(ErrorCode.COLUMN_NOT_FOUND, missing.group(2), tables)
              .causedBy(error);
    }
    Matcher ambiguous = AMBIGUOUS.matcher(error.getMessage());
    return ambiguous.matches()
        ? new ShardstreamException(ErrorCode.AMBIGUOUS_COLUMN, ambiguous.group(1)).causedBy(error)
        : error;
  }

  /** The tables that a missing column may have been looked for in. */
  private static String tables(SelectStatement select, String qualifier) {
    List<TableRef> meant =
        select.tables().stream()
            .filter(table -> qualifier == null || Names.same(table.exposedName(), qualifier))
            .toList();
    List<TableRef> named = meant.isEmpty() ? select.tables() : meant;
    return String.join("', '", named.stream().map(t -> t.table().name()).distinct().toList());
  }
}
