package dev.shardstream.producer.replica;

import static dev.shardstream.schemas.contract.Identifiers.quote;

import dev.shardstream.producer.replica.ReplicaSchema.LocalIndex;
import dev.shardstream.producer.replica.ReplicaSchema.LocalTable;
import dev.shardstream.producer.sql.SqlText;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.row.StoredValues;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Brings a local database from one schema to another. Whatever has changed of a table, it is made
 * anew from its canonical text, takes the rows of the columns that stay, by column id, and takes
 * the place of its former self (https://sqlite.org/lang_altertable.html, "Making Other Kinds Of
 * Table Schema Changes"). So the text in the file never tells by which way it came about.
 */
final class SchemaChange {
  private final SqlSession session;
  private final ReplicaSchema before;
  private final ReplicaSchema after;

  SchemaChange(SqlSession session, ReplicaSchema before, ReplicaSchema after) {
    this.session = session;
    this.before = before;
    this.after = after;
  }

  /** The statements of the application itself that stand on a table and must be there again. */
  private record OwnObject(String tableId, String sql) {}

  /**
   * Does all of it; to be called in a transaction.
   *
   * @throws LocalConflictException when what the application keeps in the file is in the way
   */
  void run() throws SQLException {
    List<OwnObject> own = new ArrayList<>();
    List<LocalTable> renewed = new ArrayList<>();
    List<LocalTable> added = new ArrayList<>();
    for (LocalTable table : after.tables().values()) {
      Optional<LocalTable> former = former(table);
      if (former.isEmpty()) {
        added.add(table);
      } else if (!table.isLike(former.get())) {
        renewed.add(table);
        own.addAll(ownObjects(former.get()));
      }
    }
    dropIndexes();
    dropTables();
    for (LocalTable table : renewed) {
      renew(former(table).orElseThrow(), table);
    }
    for (LocalTable table : renewed) {
      requireFree(table.name());
      session.execute(
          "ALTER TABLE %s RENAME TO %s".formatted(quote(workName(table)), quote(table.name())));
    }
    for (LocalTable table : added) {
      requireFree(table.name());
      session.execute(table.create());
    }
    createIndexes();
    restore(own);
  }

  private Optional<LocalTable> former(LocalTable table) {
    return Optional.ofNullable(before.tables().get(table.table().getTableId()));
  }

  private static String workName(LocalTable table) {
    return "_next " + table.table().getTableId();
  }

  private void dropTables() throws SQLException {
    for (LocalTable table : before.tables().values()) {
      if (!after.tables().containsKey(table.table().getTableId())) {
        session.execute("DROP TABLE " + quote(table.name()));
      }
    }
  }

  private void renew(LocalTable from, LocalTable to) throws SQLException {
    session.execute(to.create(workName(to)));
    String columns =
        to.table().getColumns().stream()
            .map(column -> quote(column.getName()))
            .collect(Collectors.joining(", "));
    String values =
        to.table().getColumns().stream()
            .map(column -> value(from, column))
            .collect(Collectors.joining(", "));
    try {
      session.execute(
          "INSERT INTO %s (%s) SELECT %s FROM %s"
              .formatted(quote(workName(to)), columns, values, quote(from.name())));
    } catch (SQLException e) {
      throw LocalConflictException.of(to.table(), e);
    }
    session.execute("DROP TABLE " + quote(from.name()));
  }

  /** A column of the former table, or what rows from before a column was added hold in it. */
  private static String value(LocalTable from, Column column) {
    return from.table().getColumns().stream()
        .filter(former -> former.getId() == column.getId())
        .findFirst()
        .map(former -> quote(former.getName()))
        .orElseGet(() -> SqlText.literal(StoredValues.ofInitialDefault(column)));
  }

  private void requireFree(String name) throws SQLException {
    boolean taken =
        !session
            .query("SELECT 1 FROM sqlite_schema WHERE name = ? COLLATE NOCASE", row -> true, name)
            .isEmpty();
    if (taken) {
      throw new LocalConflictException(
          "'" + name + "' exists in it and is not from the catalog: give it another name");
    }
  }

  private void dropIndexes() throws SQLException {
    Set<LocalIndex> staying = indexes(after);
    for (LocalIndex index : indexes(before)) {
      if (!staying.contains(index)) {
        session.execute("DROP INDEX " + quote(index.name()));
      }
    }
  }

  /** Those that fell with a table's former self are made too. */
  private void createIndexes() throws SQLException {
    Set<String> there =
        new HashSet<>(
            session.query(
                "SELECT name FROM sqlite_schema WHERE type = 'index'", row -> row.getString(1)));
    Set<LocalIndex> former = indexes(before);
    for (LocalTable table : after.tables().values()) {
      for (LocalIndex index : table.indexes()) {
        if (!former.contains(index) || !there.contains(index.name())) {
          requireFree(index.name());
          createIndex(table, index);
        }
      }
    }
  }

  private void createIndex(LocalTable table, LocalIndex index) throws SQLException {
    try {
      session.execute(index.create());
    } catch (SQLException e) {
      throw LocalConflictException.of(table.table(), e);
    }
  }

  private static Set<LocalIndex> indexes(ReplicaSchema schema) {
    return schema.tables().values().stream()
        .flatMap(table -> table.indexes().stream())
        .collect(Collectors.toSet());
  }

  private List<OwnObject> ownObjects(LocalTable table) throws SQLException {
    Set<String> ours = table.indexes().stream().map(LocalIndex::name).collect(Collectors.toSet());
    TreeMap<String, String> found = new TreeMap<>();
    session.query(
        "SELECT name, sql FROM sqlite_schema WHERE tbl_name = ? COLLATE NOCASE"
            + " AND type IN ('index', 'trigger') AND sql IS NOT NULL",
        row -> found.put(row.getString(1), row.getString(2)),
        table.name());
    found.keySet().removeAll(ours);
    return found.values().stream()
        .map(sql -> new OwnObject(table.table().getTableId(), sql))
        .toList();
  }

  private void restore(List<OwnObject> own) throws SQLException {
    for (OwnObject object : own) {
      try {
        session.execute(object.sql());
      } catch (SQLException e) {
        String table = after.tables().get(object.tableId()).name();
        throw new LocalConflictException(
            "this statement of yours does not fit table '%s' as it is from now on: %s (%s)"
                .formatted(table, object.sql(), e.getMessage()));
      }
    }
  }
}
