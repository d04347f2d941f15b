package dev.shardstream.producer.replica;

import static dev.shardstream.producer.sql.SqlText.literal;
import static dev.shardstream.schemas.contract.Identifiers.quote;

import dev.shardstream.producer.replica.ReplicaSchema.LocalIndex;
import dev.shardstream.producer.replica.ReplicaSchema.LocalTable;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * The local database of a replica. One thread writes; {@link #dump()} may be called by any.
 *
 * <p>The file may hold tables, views, indexes and triggers of the application besides; they are
 * left alone.
 */
final class ReplicaFile implements AutoCloseable {
  private final Path file;
  private final SqlSession session;
  private long changes;
  private ReplicaState state;
  private final Map<Integer, Long> positions;

  private ReplicaFile(Path file, SqlSession session, CatalogIdentity identity) throws SQLException {
    this.file = file;
    this.session = session;
    session.write(
        () -> {
          if (!SystemTables.exist(session)) {
            SystemTables.create(session, identity);
          }
          return true;
        });
    requireIdentity(identity);
    this.changes = SystemTables.changes(session);
    this.state = SystemTables.state(session);
    this.positions = SystemTables.positions(session);
    requireUntouched();
  }

  /**
   * Opens a replica's file, or makes one.
   *
   * @throws ShardstreamException FILE_ERROR when it is no database, damaged, another cluster's or
   *     namespace's, or when its tables are not as the replica left them
   */
  static ReplicaFile open(Path file, CatalogIdentity identity) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      throw error(file, "its directory does not exist", null);
    }
    SqlSession session = null;
    try {
      session = SqlSession.writer(file);
      return new ReplicaFile(file, session, identity);
    } catch (SQLException e) {
      close(session, e);
      throw error(file, e);
    } catch (RuntimeException e) {
      close(session, e);
      throw e;
    }
  }

  private static void close(@Nullable SqlSession session, Exception because) {
    try {
      if (session != null) {
        session.close();
      }
    } catch (SQLException alsoFailed) {
      because.addSuppressed(alsoFailed);
    }
  }

  private void requireIdentity(CatalogIdentity wanted) throws SQLException {
    CatalogIdentity held =
        SystemTables.identity(session)
            .orElseThrow(
                () ->
                    error(
                        file,
                        "another release made this replica: delete the file to build it anew",
                        null));
    if (!held.equals(wanted)) {
      throw error(
          file,
          held.cluster().equals(wanted.cluster()) && held.namespace().equals(wanted.namespace())
              ? "it is the replica of an earlier cluster '%s' (catalog topic %s, not %s): use another file"
                  .formatted(held.cluster(), held.topicId(), wanted.topicId())
              : "it is the replica of namespace '%s' of cluster '%s', not of namespace '%s' of cluster '%s': use another file"
                  .formatted(
                      held.namespace(), held.cluster(), wanted.namespace(), wanted.cluster()),
          null);
    }
  }

  private void requireUntouched() throws SQLException {
    Map<String, String> there = schemaTexts(session);
    for (LocalTable table : ReplicaSchema.of(state).tables().values()) {
      requireUntouched(there, table.name(), table.create());
      for (LocalIndex index : table.indexes()) {
        requireUntouched(there, index.name(), index.create());
      }
    }
  }

  private void requireUntouched(Map<String, String> there, String name, String sql) {
    if (!sql.equals(there.get(name))) {
      throw error(
          file,
          "'" + name + "' is not as the replica left it: delete the file to build it anew",
          null);
    }
  }

  private static Map<String, String> schemaTexts(SqlSession session) throws SQLException {
    Map<String, String> texts = new TreeMap<>();
    session.query(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL",
        row -> texts.put(row.getString(1), row.getString(2)));
    return texts;
  }

  ReplicaState state() {
    return state;
  }

  /**
   * A topic that ends before what the file has read of it has lost records.
   *
   * @param ends next offset by partition
   * @throws ShardstreamException FILE_ERROR
   */
  void requireNotAheadOf(Map<Integer, Long> ends) {
    positions.forEach(
        (partition, position) -> {
          long end = ends.getOrDefault(partition, 0L);
          if (end < position) {
            throw error(
                file,
                "it has read partition %d of the catalog up to %d, which ends at %d: the cluster has lost records; delete the file to build it anew"
                    .formatted(partition, position, end),
                null);
          }
        });
  }

  /**
   * Makes the file hold this state, in one transaction with the positions.
   *
   * @return false when another connection holds the file and nothing was done: try again
   * @throws ShardstreamException FILE_ERROR; nothing was done
   */
  boolean advance(ReplicaState next, Map<Integer, Long> nextPositions) {
    if (next.equals(state) && nextPositions.equals(positions)) {
      return true;
    }
    try {
      session.write(
          () -> {
            if (!SystemTables.countChange(session, changes)) {
              throw error(file, "another replica is writing to it", null);
            }
            new SchemaChange(session, ReplicaSchema.of(state), ReplicaSchema.of(next)).run();
            writeDefinitions(next);
            SystemTables.writePositions(session, nextPositions);
            return true;
          });
    } catch (SQLException e) {
      if (e.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code) {
        return false;
      }
      throw error(file, e);
    }
    changes++;
    state = next;
    positions.putAll(nextPositions);
    return true;
  }

  private void writeDefinitions(ReplicaState next) throws SQLException {
    for (String id : state.tables().keySet()) {
      if (!next.tables().containsKey(id)) {
        SystemTables.remove(session, id);
      }
    }
    for (Table table : next.tables().values()) {
      if (!table.equals(state.tables().get(table.getTableId()))) {
        SystemTables.put(session, table);
      }
    }
  }

  /**
   * The schema as it stands in the file: each table in the order of table ids with its version, the
   * texts that SQLite holds, and the comments. One snapshot.
   */
  String dump() {
    try (SqlSession reader = SqlSession.reader(file)) {
      return reader.read(() -> dump(SystemTables.state(reader), schemaTexts(reader)));
    } catch (SQLException e) {
      throw error(file, e);
    }
  }

  private static String dump(ReplicaState state, Map<String, String> texts) {
    StringBuilder dump = new StringBuilder();
    for (LocalTable local : ReplicaSchema.of(state).tables().values()) {
      Table table = local.table();
      dump.append("-- ").append(table.getTableId());
      dump.append(" version ").append(table.getSchemaVersion()).append('\n');
      line(dump, texts.get(local.name()));
      for (LocalIndex index : local.indexes()) {
        line(dump, texts.get(index.name()));
      }
      String name = quote(table.getName());
      comment(dump, "TABLE " + name, table.getComment());
      for (Column column : table.getColumns()) {
        comment(dump, "COLUMN " + name + "." + quote(column.getName()), column.getComment());
      }
      for (Index index : table.getIndexes()) {
        comment(dump, "INDEX " + quote(index.getName()), index.getComment());
      }
    }
    return dump.toString();
  }

  private static void comment(StringBuilder dump, String on, @Nullable String comment) {
    if (comment != null) {
      line(dump, "COMMENT ON " + on + " IS " + literal(comment));
    }
  }

  private static void line(StringBuilder dump, @Nullable String sql) {
    dump.append(sql).append(";\n");
  }

  private static ShardstreamException error(Path file, SQLException e) {
    if (e instanceof LocalConflictException) {
      return error(file, String.valueOf(e.getMessage()), e);
    }
    return switch (SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff)) {
      case SQLITE_NOTADB -> error(file, "it is not a SQLite database: use another file", e);
      case SQLITE_CORRUPT ->
          error(file, "it is damaged: restore it, or delete it to build it anew", e);
      case SQLITE_BUSY -> error(file, "another connection holds it: end its transaction", e);
      default -> error(file, String.valueOf(e.getMessage()), e);
    };
  }

  private static ShardstreamException error(Path file, String text, @Nullable Exception cause) {
    ShardstreamException error =
        new ShardstreamException(ErrorCode.FILE_ERROR, file, "the replica cannot go on: " + text);
    return cause == null ? error : error.causedBy(cause);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (SQLException e) {
      throw error(file, e);
    }
  }
}
