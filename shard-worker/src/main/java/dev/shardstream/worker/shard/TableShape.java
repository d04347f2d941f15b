package dev.shardstream.worker.shard;

import static dev.shardstream.schemas.contract.Identifiers.quote;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.StoredValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The physical form of a table: named by its table id, columns {@code c<column id>}, clustered by
 * virtual shard and primary key, so that a rename changes nothing here and a virtual shard lies
 * together on disk.
 */
public final class TableShape {
  public static final String VIRTUAL_SHARD = "_virtualShard";
  public static final String VERSION = "_version";
  public static final String UPDATED = "_updated";

  private final Table table;
  private final List<Integer> keyPositions;

  public TableShape(Table table) {
    this.table = table;
    this.keyPositions = table.getPrimaryKey().stream().map(this::position).toList();
  }

  /**
   * The form in which a shard applies the log from its start: with the columns that the table had,
   * because rules were about them.
   */
  static TableShape withDropped(Table table) {
    if (table.getDroppedColumns().isEmpty()) {
      return new TableShape(table);
    }
    List<Column> columns = new ArrayList<>(table.getColumns());
    columns.addAll(table.getDroppedColumns());
    return new TableShape(Table.newBuilder(table).setColumns(columns).build());
  }

  public Table table() {
    return table;
  }

  /** The table's quoted physical name. */
  public String name() {
    return quote(table.getTableId());
  }

  /** The user columns in the table's order. */
  public List<Column> columns() {
    return table.getColumns();
  }

  /** The physical name of a column. */
  public static String columnName(int columnId) {
    return "c" + columnId;
  }

  /** Physical names of the primary key columns, in key order. */
  public List<String> keyColumns() {
    return table.getPrimaryKey().stream().map(TableShape::columnName).toList();
  }

  /** Physical names of the shard key columns, in key order. */
  public List<String> shardKeyColumns() {
    return table.getShardKey().stream().map(TableShape::columnName).toList();
  }

  /** Every physical column: virtual shard, user columns, version, time of the last change. */
  public List<String> allColumns() {
    return Stream.of(
            Stream.of(VIRTUAL_SHARD),
            columns().stream().map(c -> columnName(c.getId())),
            Stream.of(VERSION, UPDATED))
        .flatMap(names -> names)
        .toList();
  }

  /** Values of the primary key in a row that is in the table's column order. */
  public List<Object> keyOf(List<? extends @Nullable Object> row) {
    return pick(keyPositions, row);
  }

  private static List<Object> pick(List<Integer> at, List<? extends @Nullable Object> row) {
    return at.stream().<Object>map(row::get).toList();
  }

  /** The CREATE TABLE statement, in the main schema. */
  public String createTable() {
    return createTable(name());
  }

  /** The CREATE TABLE statement under another quoted, perhaps schema-qualified, name. */
  public String createTable(String qualifiedName) {
    String columns =
        columns().stream().map(this::columnDefinition).collect(Collectors.joining(", "));
    return "CREATE TABLE "
        + qualifiedName
        + " (_virtualShard INTEGER NOT NULL, "
        + columns
        + ", _version INTEGER NOT NULL, _updated INTEGER NOT NULL, PRIMARY KEY (_virtualShard, "
        + String.join(", ", keyColumns())
        + ")) STRICT, WITHOUT ROWID";
  }

  /** For tables whose rows expire: finds those that have; empty for every other table. */
  Optional<String> createExpiryIndex() {
    return table.getTtlSeconds() == null
        ? Optional.empty()
        : Optional.of("CREATE INDEX _expiry ON " + name() + " (_virtualShard, _updated)");
  }

  /**
   * REAL affinity would turn -0.0 into 0.0 on the way to disk (https://sqlite.org/datatype3.html),
   * so reals outside the key are ANY and the view gives them their affinity back. In the key both
   * zeros are the same value anyway.
   */
  private String storageClass(Column column) {
    boolean key = table.getPrimaryKey().contains(column.getId());
    String type =
        switch (column.getType()) {
          case INTEGER, BIGINT, BOOLEAN -> "INTEGER";
          case FLOAT, DOUBLE -> key ? "REAL" : "ANY";
          case TEXT, VARCHAR, DATE, TIMESTAMP -> "TEXT";
          case BLOB -> "BLOB";
        };
    return key ? type + " NOT NULL" : type;
  }

  /**
   * A column as it is created or added. Its DEFAULT is what rows have whose writer, or whose source
   * of a copy, did not know the column; every other row is written with all columns.
   */
  String columnDefinition(Column column) {
    Object initial = StoredValues.ofInitialDefault(column);
    return columnName(column.getId())
        + " "
        + storageClass(column)
        + (initial == null ? "" : " DEFAULT " + Literals.of(initial));
  }

  /** {@link #readExpression(Column)} of the column of that id, which must exist. */
  public String readExpression(int columnId) {
    return readExpression(columns().get(position(columnId)));
  }

  /** The expression by which a reader sees a column, with the affinity of its type. */
  public String readExpression(Column column) {
    String name = columnName(column.getId());
    return storageClass(column).equals("ANY") ? "CAST(" + name + " AS REAL)" : name;
  }

  private int position(int columnId) {
    for (int i = 0; i < table.getColumns().size(); i++) {
      if (table.getColumns().get(i).getId() == columnId) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "table " + table.getTableId() + " has no column with id " + columnId);
  }
}
