package dev.shardstream.producer.replica;

import dev.shardstream.schemas.event.Table;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** What the application keeps in the file does not allow the catalog's next state. */
final class LocalConflictException extends SQLException {
  LocalConflictException(String message) {
    super(message);
  }

  /** Rows that do not meet the table's constraints; any other error stays what it is. */
  static SQLException of(Table table, SQLException error) {
    boolean constraint = (error.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    if (!constraint) {
      return error;
    }
    LocalConflictException conflict =
        new LocalConflictException(
            "local rows of table '%s' do not meet its version %d (%s): change or delete them"
                .formatted(
                    table.getName(),
                    table.getSchemaVersion(),
                    String.valueOf(error.getMessage())
                        .replace("_next " + table.getTableId(), table.getName())));
    conflict.initCause(error);
    return conflict;
  }
}
