package dev.shardstream.worker.shard;

import static dev.shardstream.schemas.contract.Identifiers.quote;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the physical table equal to a definition. Columns are found by id, so only those that came
 * or went cost anything: a rename, another type, default or comment changes nothing on disk.
 */
final class SchemaChange {
  private static final String INDEX_PREFIX = "_i";
  private static final String KEY_INDEX = "_shardKey";

  private SchemaChange() {}

  /**
   * Adds and drops columns, and drops indexes that are not wanted; to be called in a transaction.
   * Rows that are there read an added column's initial default, as SQLite keeps it with the column
   * and not in the rows (https://sqlite.org/lang_altertable.html).
   */
  static void alter(Connection writer, TableShape from, TableShape to) throws SQLException {
    List<Integer> wanted = wantedIndexes(to.table()).stream().map(Index::getId).toList();
    for (int id : indexes(writer)) {
      if (!wanted.contains(id)) {
        Transaction.execute(writer, "DROP INDEX " + quote(indexName(id)));
      }
    }
    for (Column column : absent(from, to)) {
      Transaction.execute(
          writer,
          "ALTER TABLE " + from.name() + " DROP COLUMN " + TableShape.columnName(column.getId()));
    }
    for (Column column : absent(to, from)) {
      Transaction.execute(
          writer, "ALTER TABLE " + to.name() + " ADD COLUMN " + to.columnDefinition(column));
    }
  }

  /** Columns of one shape that the other one lacks. */
  private static List<Column> absent(TableShape of, TableShape in) {
    List<Integer> there = in.columns().stream().map(Column::getId).toList();
    return of.columns().stream().filter(column -> !there.contains(column.getId())).toList();
  }

  /** The indexes that a shard of this table is to have: all that have not failed. */
  private static List<Index> wantedIndexes(Table table) {
    return table.getIndexes().stream()
        .filter(index -> index.getStatus() != IndexStatus.FAILED)
        .toList();
  }

  /** The indexes of this table that the file lacks. */
  static List<Index> missingIndexes(Connection connection, Table table) throws SQLException {
    List<Integer> there = indexes(connection);
    return wantedIndexes(table).stream().filter(index -> !there.contains(index.getId())).toList();
  }

  /** Builds one index; all of it or nothing. */
  static void createIndex(Connection writer, TableShape shape, Index index) throws SQLException {
    Transaction.execute(
        writer,
        "CREATE INDEX "
            + quote(indexName(index.getId()))
            + " ON "
            + shape.name()
            + " ("
            + String.join(", ", index.getColumns().stream().map(shape::readExpression).toList())
            + ")");
  }

  /** Whether the file has the index on the shard key, if its table is one that wants it. */
  static boolean hasKeyIndex(Connection connection, TableShape shape) throws SQLException {
    if (shape.table().getStrategy() != Strategy.RANGE) {
      return true;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT count(*) FROM main.sqlite_schema WHERE type = 'index' AND name = ?")) {
      select.setString(1, KEY_INDEX);
      try (ResultSet row = select.executeQuery()) {
        return row.getInt(1) == 1;
      }
    }
  }

  /**
   * Builds the index on the shard key: rows are clustered by virtual shard first, so without it a
   * range of shard keys would be a scan.
   */
  static void createKeyIndex(Connection writer, TableShape shape) throws SQLException {
    Transaction.execute(
        writer,
        "CREATE INDEX "
            + KEY_INDEX
            + " ON "
            + shape.name()
            + " ("
            + String.join(", ", shape.shardKeyColumns())
            + ")");
  }

  /**
   * Ids of the indexes that the file has, ascending. Uniqueness is a rule of the log and never one
   * of these: SQLite would delete rows for it.
   */
  static List<Integer> indexes(Connection connection) throws SQLException {
    List<Integer> ids = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT name FROM main.sqlite_schema WHERE type = 'index' AND name GLOB ?")) {
      select.setString(1, INDEX_PREFIX + "[0-9]*");
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          ids.add(Integer.valueOf(row.getString(1).substring(INDEX_PREFIX.length())));
        }
      }
    }
    return ids.stream().sorted().toList();
  }

  private static String indexName(int id) {
    return INDEX_PREFIX + id;
  }
}
