package dev.shardstream.producer.replica;

import static dev.shardstream.schemas.contract.Identifiers.quote;

import dev.shardstream.producer.ddl.ColumnTypes;
import dev.shardstream.producer.sql.SqlText;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.StoredValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The SQL text that a state of the catalog has in a local database. A pure function of the state,
 * so that two replicas in the same state hold the same bytes, whatever they have seen before.
 *
 * @param tables by table id
 */
record ReplicaSchema(SortedMap<String, LocalTable> tables) {
  /** The catalog's tables that are renamed in turn may claim one name until all of it is read. */
  private static final Comparator<Table> LATEST_FIRST =
      Comparator.comparingLong(Table::getCreatedAt).thenComparing(Table::getTableId).reversed();

  /**
   * A table as it stands in the local database.
   *
   * @param table its definition
   * @param name its name there
   * @param indexes in the order of their ids
   */
  record LocalTable(Table table, String name, List<LocalIndex> indexes) {
    /** The statement that makes it, under its own name. */
    String create() {
      return create(name);
    }

    /** The statement that makes it under another name. */
    String create(String otherName) {
      String columns =
          table.getColumns().stream()
              .map(column -> "  " + definition(column) + ",\n")
              .collect(Collectors.joining());
      String key =
          Tables.primaryKey(table).stream()
              .map(column -> quote(column.getName()))
              .collect(Collectors.joining(", "));
      return "CREATE TABLE %s (\n%s  PRIMARY KEY (%s)\n)".formatted(quote(otherName), columns, key);
    }

    /** Whether another one holds its rows in the same way under the same name. */
    boolean isLike(LocalTable other) {
      return create().equals(other.create()) && columnIds().equals(other.columnIds());
    }

    private List<Integer> columnIds() {
      return table.getColumns().stream().map(Column::getId).toList();
    }
  }

  /**
   * An index as it stands in the local database.
   *
   * @param name its name there
   * @param create the statement that makes it
   */
  record LocalIndex(String name, String create) {}

  /** The schema of a state. */
  static ReplicaSchema of(ReplicaState state) {
    List<Table> latestFirst = state.tables().values().stream().sorted(LATEST_FIRST).toList();
    Set<String> taken = new HashSet<>();
    SortedMap<String, String> names = new TreeMap<>();
    for (Table table : latestFirst) {
      names.put(table.getTableId(), claim(taken, table.getName(), "_" + table.getTableId()));
    }
    SortedMap<String, LocalTable> tables = new TreeMap<>();
    for (Table table : latestFirst) {
      String name = names.get(table.getTableId());
      tables.put(table.getTableId(), new LocalTable(table, name, indexes(table, name, taken)));
    }
    return new ReplicaSchema(tables);
  }

  /** SQLite keeps tables and indexes in one space of names, the catalog does not. */
  private static String claim(Set<String> taken, String name, String otherwise) {
    return taken.add(name.toLowerCase(Locale.ROOT)) ? name : otherwise;
  }

  private static List<LocalIndex> indexes(Table table, String tableName, Set<String> taken) {
    List<LocalIndex> indexes = new ArrayList<>();
    for (Index index : table.getIndexes()) {
      if (index.getStatus() == IndexStatus.READY) {
        String name =
            claim(taken, index.getName(), "_" + table.getTableId() + "_i" + index.getId());
        indexes.add(new LocalIndex(name, create(table, tableName, index, name)));
      }
    }
    return List.copyOf(indexes);
  }

  private static String create(Table table, String tableName, Index index, String name) {
    String columns =
        index.getColumns().stream()
            .map(id -> quote(Tables.column(table, id).getName()))
            .collect(Collectors.joining(", "));
    return "CREATE %sINDEX %s ON %s (%s)"
        .formatted(index.getUnique() ? "UNIQUE " : "", quote(name), quote(tableName), columns);
  }

  private static String definition(Column column) {
    StringBuilder sql =
        new StringBuilder(quote(column.getName())).append(' ').append(ColumnTypes.text(column));
    if (!column.getNullable()) {
      sql.append(" NOT NULL");
    }
    if (column.getDefaultValue() != null) {
      // An expression needs the parentheses, a plain constant may have them.
      sql.append(" DEFAULT (").append(SqlText.literal(StoredValues.ofDefault(column))).append(')');
    }
    return sql.toString();
  }
}
