package dev.shardstream.worker.copy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.RangeCondition;
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
   * @param range the shard keys whose rows are copied; the target has none of them
   * @return rows copied; empty when the source does not hold all of that
   * @throws ShardstreamException STALE_SCHEMA when the source is at a later version: it may have
   *     values that the target has no column for
   */
  static OptionalLong copy(Connection target, TableShape shape, int virtualShard, KeyRange range)
      throws SQLException {
    return Transaction.deferred(
        target,
        () -> {
          Positions source = PositionTable.read(target, SOURCE, virtualShard);
          if (!source.holds(virtualShard) || !source.missing(virtualShard, range).isEmpty()) {
            return OptionalLong.empty();
          }
          requireVersion(target, shape);
          long rows = copyRows(target, shape, virtualShard, range);
          update(target, RejectionTable.copySql(SOURCE), virtualShard);
          copyRules(target, source, virtualShard, range);
          // What was copied counts, whatever the source's own counter says.
          PositionTable.put(target, source.within(virtualShard, range, rows));
          return OptionalLong.of(rows);
        });
  }

  /** The rules of a virtual shard are those at its least position. */
  private static void copyRules(
      Connection target, Positions source, int virtualShard, KeyRange range) throws SQLException {
    OptionalLong there = PositionTable.read(target, "main", virtualShard).leastOf(virtualShard);
    long here =
        new Positions(source.within(virtualShard, range, 0)).leastOf(virtualShard).orElseThrow();
    if (here < there.orElse(Long.MAX_VALUE)) {
      RuleTable.forget(target, virtualShard);
      update(target, RuleTable.copySql(SOURCE), virtualShard);
    }
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

  /**
   * SQLite's own check of the attached file, without the cross-check of indexes, and that nothing
   * is in it that would run when it is read.
   */
  static boolean isSound(Connection target) throws SQLException {
    return hasOnlyTables(target) && isUndamaged(target);
  }

  private static boolean hasOnlyTables(Connection target) throws SQLException {
    try (PreparedStatement select =
            target.prepareStatement(
                "SELECT count(*) FROM "
                    + SOURCE
                    + ".sqlite_schema WHERE type IN ('view', 'trigger')"
                    + " OR sql LIKE 'CREATE VIRTUAL%'");
        ResultSet row = select.executeQuery()) {
      return row.next() && row.getInt(1) == 0;
    }
  }

  private static boolean isUndamaged(Connection target) throws SQLException {
    try (PreparedStatement check = target.prepareStatement("PRAGMA " + SOURCE + ".quick_check(1)");
        ResultSet row = check.executeQuery()) {
      return row.next() && row.getString(1).equals("ok");
    }
  }

  private static long copyRows(
      Connection target, TableShape shape, int virtualShard, KeyRange range) throws SQLException {
    RangeCondition condition = new RangeCondition(shape, range);
    String sql = rowsSql(target, shape) + condition.sql();
    try (PreparedStatement insert = target.prepareStatement(sql)) {
      insert.setInt(1, virtualShard);
      condition.bind(insert, 2);
      return insert.executeLargeUpdate();
    }
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
