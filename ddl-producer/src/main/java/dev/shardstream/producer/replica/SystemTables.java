package dev.shardstream.producer.replica;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.serde.TableBytes;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The replica's own tables: {@code _replica} says whose catalog it is, {@code _positions} how far
 * it is read, {@code _catalog} and {@code _comments} hold what SQLite's schema cannot.
 */
final class SystemTables {
  private static final int FORMAT = 1;

  private static final List<String> CREATE =
      List.of(
          """
          CREATE TABLE _replica (
            one INTEGER PRIMARY KEY CHECK (one = 1), format INTEGER NOT NULL,
            cluster TEXT NOT NULL, topic_id TEXT NOT NULL, namespace TEXT NOT NULL,
            changes INTEGER NOT NULL) STRICT""",
          """
          CREATE TABLE _positions (
            partition INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL) STRICT""",
          """
          CREATE TABLE _catalog (
            table_id TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,
            schema_version INTEGER NOT NULL, definition_schema TEXT NOT NULL,
            definition BLOB NOT NULL) STRICT, WITHOUT ROWID""",
          """
          CREATE TABLE _comments (
            table_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, comment TEXT NOT NULL,
            PRIMARY KEY (table_id, kind, name)) STRICT, WITHOUT ROWID""");

  private SystemTables() {}

  static boolean exist(SqlSession session) throws SQLException {
    return !session
        .query("SELECT 1 FROM sqlite_schema WHERE name = '_replica'", row -> true)
        .isEmpty();
  }

  static void create(SqlSession session, CatalogIdentity identity) throws SQLException {
    for (String sql : CREATE) {
      session.execute(sql);
    }
    session.execute(
        "INSERT INTO _replica VALUES (1, ?, ?, ?, ?, 0)",
        FORMAT,
        identity.cluster(),
        identity.topicId(),
        identity.namespace());
  }

  /** Whose replica the file is; empty when another release of this library has made it. */
  static Optional<CatalogIdentity> identity(SqlSession session) throws SQLException {
    return session
        .query(
            "SELECT cluster, topic_id, namespace FROM _replica WHERE format = ?",
            row -> new CatalogIdentity(row.getString(1), row.getString(2), row.getString(3)),
            FORMAT)
        .stream()
        .findFirst();
  }

  /** How many times the file was changed by a replica. */
  static long changes(SqlSession session) throws SQLException {
    return session.query("SELECT changes FROM _replica", row -> row.getLong(1)).get(0);
  }

  /** Counts a change; false when another replica has changed the file since. */
  static boolean countChange(SqlSession session, long before) throws SQLException {
    return session.update("UPDATE _replica SET changes = changes + 1 WHERE changes = ?", before)
        == 1;
  }

  static Map<Integer, Long> positions(SqlSession session) throws SQLException {
    Map<Integer, Long> positions = new HashMap<>();
    session.query(
        "SELECT partition, next_offset FROM _positions",
        row -> positions.put(row.getInt(1), row.getLong(2)));
    return positions;
  }

  static void writePositions(SqlSession session, Map<Integer, Long> positions) throws SQLException {
    for (Map.Entry<Integer, Long> position : positions.entrySet()) {
      session.execute(
          "INSERT OR REPLACE INTO _positions VALUES (?, ?)",
          position.getKey(),
          position.getValue());
    }
  }

  static ReplicaState state(SqlSession session) throws SQLException {
    SortedMap<String, Table> tables = new TreeMap<>();
    session.query(
        "SELECT table_id, definition_schema, definition FROM _catalog",
        row -> tables.put(row.getString(1), decode(row.getString(2), row.getBytes(3))));
    return new ReplicaState(tables);
  }

  static void remove(SqlSession session, String tableId) throws SQLException {
    session.execute("DELETE FROM _catalog WHERE table_id = ?", tableId);
    session.execute("DELETE FROM _comments WHERE table_id = ?", tableId);
  }

  static void put(SqlSession session, Table table) throws SQLException {
    String id = table.getTableId();
    remove(session, id);
    session.execute(
        "INSERT INTO _catalog VALUES (?, ?, ?, ?, ?, ?)",
        id,
        table.getName(),
        table.getType().name(),
        table.getSchemaVersion(),
        TableBytes.schema(),
        TableBytes.encode(table));
    comment(session, id, "TABLE", table.getName(), table.getComment());
    for (Column column : table.getColumns()) {
      comment(session, id, "COLUMN", column.getName(), column.getComment());
    }
    for (Index index : table.getIndexes()) {
      comment(session, id, "INDEX", index.getName(), index.getComment());
    }
  }

  private static void comment(
      SqlSession session, String tableId, String kind, String name, @Nullable String comment)
      throws SQLException {
    if (comment != null) {
      session.execute("INSERT INTO _comments VALUES (?, ?, ?, ?)", tableId, kind, name, comment);
    }
  }

  private static Table decode(String schema, byte[] value) throws SQLException {
    try {
      return TableBytes.decode(schema, value);
    } catch (IOException e) {
      throw new SQLException("a table's definition cannot be read", e);
    }
  }
}
