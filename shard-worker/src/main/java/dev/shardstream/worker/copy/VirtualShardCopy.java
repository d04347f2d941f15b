package dev.shardstream.worker.copy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.RuleTable;
import dev.shardstream.worker.shard.SystemTables;
import dev.shardstream.worker.shard.TableShape;
import dev.shardstream.worker.shard.Transaction;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

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
   * Copies in one transaction. The target may be at a later version of the table: a column that the
   * source lacks gets its DEFAULT, one that the target lacks was dropped.
   *
   * @param shape the target's
   * @return rows copied; empty when the source does not hold the virtual shard
   * @throws ShardstreamException STALE_SCHEMA when the source is at a later version: it may have
   *     values that the target has no column for
   */
  static OptionalLong copy(Connection target, TableShape shape, int virtualShard)
      throws SQLException {
    return Transaction.deferred(
        target,
        () -> {
          if (update(target, positionSql(), virtualShard) == 0) {
            return OptionalLong.empty();
          }
          requireVersion(target, shape);
          long rows = update(target, rowsSql(target, shape), virtualShard);
          update(target, RejectionTable.copySql(SOURCE), virtualShard);
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

  private static void requireVersion(Connection target, TableShape shape) throws SQLException {
    int version = SystemTables.readVersion(target, SOURCE);
    if (version > shape.table().getSchemaVersion()) {
      throw new ShardstreamException(
          ErrorCode.STALE_SCHEMA,
          shape.table().getSchemaVersion(),
          shape.table().getName(),
          version);
    }
  }

  /** SQLite's own check of the attached file, without the cross-check of indexes. */
  static boolean isSound(Connection target) throws SQLException {
    try (PreparedStatement check = target.prepareStatement("PRAGMA " + SOURCE + ".quick_check(1)");
        ResultSet row = check.executeQuery()) {
      return row.next() && row.getString(1).equals("ok");
    }
  }

  private static String positionSql() {
    return "INSERT INTO main._positions (virtual_shard, partition, next_offset, rows)"
        + " SELECT virtual_shard, partition, next_offset, rows FROM "
        + SOURCE
        + "._positions WHERE virtual_shard = ?";
  }

  private static String rowsSql(Connection target, TableShape shape) throws SQLException {
    Set<String> there = sourceColumns(target, shape);
    String columns =
        shape.allColumns().stream().filter(there::contains).collect(Collectors.joining(", "));
    String table = shape.name();
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

  private static Set<String> sourceColumns(Connection target, TableShape shape)
      throws SQLException {
    Set<String> names = new HashSet<>();
    try (PreparedStatement select =
        target.prepareStatement("SELECT name FROM pragma_table_info(?, ?)")) {
      select.setString(1, shape.table().getTableId());
      select.setString(2, SOURCE);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          names.add(row.getString(1));
        }
      }
    }
    return names;
  }

  private static long update(Connection target, String sql, int virtualShard) throws SQLException {
    try (PreparedStatement statement = target.prepareStatement(sql)) {
      statement.setInt(1, virtualShard);
      return statement.executeLargeUpdate();
    }
  }
}
