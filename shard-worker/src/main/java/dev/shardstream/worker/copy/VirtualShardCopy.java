package dev.shardstream.worker.copy;

import static dev.shardstream.worker.shard.Identifiers.quote;

import dev.shardstream.worker.shard.RuleTable;
import dev.shardstream.worker.shard.TableShape;
import dev.shardstream.worker.shard.Transaction;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * Moves one virtual shard from an attached file into the connection's own. The first statement
 * opens the snapshot of the source, and rows, position, rejections and rules all come from it.
 */
final class VirtualShardCopy {
  private static final String SOURCE = "source";

  private VirtualShardCopy() {}

  /** What is done while a source is attached. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Attaches a file for reading only, for the time of the work. */
  static <T> T attached(Connection target, Path file, Work<T> work) throws SQLException {
    try (PreparedStatement attach = target.prepareStatement("ATTACH ? AS " + SOURCE)) {
      attach.setString(1, file.toUri().toASCIIString() + "?mode=ro");
      attach.execute();
    }
    try {
      return work.run();
    } finally {
      Transaction.execute(target, "DETACH " + SOURCE);
    }
  }

  /**
   * Copies in one transaction.
   *
   * @return rows copied; empty when the source does not hold the virtual shard
   */
  static OptionalLong copy(Connection target, TableShape shape, int virtualShard)
      throws SQLException {
    return Transaction.deferred(
        target,
        () -> {
          if (update(target, positionSql(), virtualShard) == 0) {
            return OptionalLong.empty();
          }
          long rows = update(target, rowsSql(shape), virtualShard);
          update(target, rejectionsSql(), virtualShard);
          update(target, RuleTable.copySql(SOURCE), virtualShard);
          // What was copied counts, whatever the source's own counter says.
          try (PreparedStatement count =
              target.prepareStatement(
                  "UPDATE main._positions SET rows = ? WHERE virtual_shard = ?")) {
            count.setLong(1, rows);
            count.setInt(2, virtualShard);
            count.executeUpdate();
          }
          return OptionalLong.of(rows);
        });
  }

  /** SQLite's own check of the attached file, without the cross-check of indexes. */
  static boolean isSound(Connection target) throws SQLException {
    try (PreparedStatement check = target.prepareStatement("PRAGMA " + SOURCE + ".quick_check(1)");
        java.sql.ResultSet row = check.executeQuery()) {
      return row.next() && row.getString(1).equals("ok");
    }
  }

  private static String positionSql() {
    return "INSERT INTO main._positions (virtual_shard, partition, next_offset, rows)"
        + " SELECT virtual_shard, partition, next_offset, rows FROM "
        + SOURCE
        + "._positions WHERE virtual_shard = ?";
  }

  private static String rowsSql(TableShape shape) {
    String columns = String.join(", ", shape.allColumns());
    String table = quote(shape.table().getTableId());
    return "INSERT INTO main."
        + table
        + " ("
        + columns
        + ") SELECT "
        + columns
        + " FROM "
        + SOURCE
        + "."
        + table
        + " WHERE _virtualShard = ?";
  }

  /** A rejection that the source has not published yet stays so: one of both will do it. */
  private static String rejectionsSql() {
    String columns = "partition, \"offset\", virtual_shard, code, message, at, published";
    return "INSERT OR IGNORE INTO main._rejections ("
        + columns
        + ") SELECT "
        + columns
        + " FROM "
        + SOURCE
        + "._rejections WHERE virtual_shard = ?";
  }

  private static long update(Connection target, String sql, int virtualShard) throws SQLException {
    try (PreparedStatement statement = target.prepareStatement(sql)) {
      statement.setInt(1, virtualShard);
      return statement.executeLargeUpdate();
    }
  }
}
