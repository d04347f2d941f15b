package dev.shardstream.producer.write;

import dev.shardstream.producer.ddl.ColumnTypes;
import dev.shardstream.producer.metadata.RowPlace;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowChange.ColumnValues;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowVersion;
import dev.shardstream.schemas.row.StoredValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes of one version of a table and refuses those that break its definition. Immutable.
 */
public final class RowChanges {
  private static final int SHOWN_CHARACTERS = 60;

  private final Table table;
  private final RowVersion version;
  private final Map<String, Column> byName = new HashMap<>();
  private final Set<Integer> keyIds;

  public RowChanges(Table table) {
    this.table = table;
    this.version = RowVersion.of(table);
    this.keyIds = Set.copyOf(table.getPrimaryKey());
    for (Column column : table.getColumns()) {
      byName.put(column.getName().toLowerCase(Locale.ROOT), column);
    }
  }

  public Table table() {
    return table;
  }

  /**
   * @throws ShardstreamException STREAM_TABLE_APPEND_ONLY when the table does not take such changes
   */
  public void requireTakes(Op op) {
    if (table.getType() == TableType.STREAM && op != Op.INSERT) {
      throw new ShardstreamException(ErrorCode.STREAM_TABLE_APPEND_ONLY, table.getName(), op);
    }
  }

  /**
   * The columns of those names.
   *
   * @throws ShardstreamException COLUMN_NOT_FOUND, DUPLICATE_COLUMN
   */
  public List<Column> columns(List<String> names) {
    List<Column> columns = new ArrayList<>(names.size());
    Set<Integer> seen = new HashSet<>();
    for (String name : names) {
      Column column = byName.get(name.toLowerCase(Locale.ROOT));
      if (column == null) {
        throw new ShardstreamException(ErrorCode.COLUMN_NOT_FOUND, name, table.getName());
      }
      if (!seen.add(column.getId())) {
        throw new ShardstreamException(ErrorCode.DUPLICATE_COLUMN, name, table.getName());
      }
      columns.add(column);
    }
    return columns;
  }

  /**
   * A row to insert or to put in the place of another.
   *
   * @param op INSERT or UPSERT
   * @param columns of this table, each once
   * @param values one for each column, as {@link StoredValues#store} takes them; columns that are
   *     not named get their default
   * @throws ShardstreamException TYPE, NOT_NULL, INVALID_ARGUMENT, STREAM_TABLE_APPEND_ONLY
   */
  public PreparedChange row(Op op, List<Column> columns, List<? extends @Nullable Object> values) {
    requireTakes(op);
    requireSameSize(columns, values);
    List<Integer> ids = new ArrayList<>(columns.size());
    List<@Nullable Object> stored = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      ids.add(columns.get(i).getId());
      stored.add(store(columns.get(i), values.get(i)));
    }
    for (Column column : table.getColumns()) {
      if (!ids.contains(column.getId())) {
        Object byDefault = StoredValues.ofDefault(column);
        if (byDefault == null && !isNullable(column)) {
          throw notNull(column);
        }
        if (keyIds.contains(column.getId())) {
          // The key decides where the row lives, so a default in it is resolved before the log.
          ids.add(column.getId());
          stored.add(byDefault);
        }
      }
    }
    return prepare(op, new ColumnValues(ids, stored));
  }

  /**
   * New values for some columns of a row.
   *
   * @param key values of the primary key, in key order
   * @param columns what to set: no key column, at least one
   * @param values one for each column
   * @throws ShardstreamException KEY_CHANGE, TYPE, NOT_NULL, INVALID_ARGUMENT,
   *     STREAM_TABLE_APPEND_ONLY
   */
  public PreparedChange update(
      List<? extends @Nullable Object> key,
      List<Column> columns,
      List<? extends @Nullable Object> values) {
    requireTakes(Op.UPDATE);
    requireSameSize(columns, values);
    if (columns.isEmpty()) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "an update sets no column");
    }
    List<Integer> ids = new ArrayList<>(table.getPrimaryKey());
    List<@Nullable Object> stored = storedKey(key);
    for (int i = 0; i < columns.size(); i++) {
      requireNoKeyColumn(columns.get(i));
      ids.add(columns.get(i).getId());
      stored.add(store(columns.get(i), values.get(i)));
    }
    return prepare(Op.UPDATE, new ColumnValues(ids, stored));
  }

  /**
   * The end of a row.
   *
   * @param key values of the primary key, in key order
   * @throws ShardstreamException TYPE, NOT_NULL, INVALID_ARGUMENT, STREAM_TABLE_APPEND_ONLY
   */
  public PreparedChange delete(List<? extends @Nullable Object> key) {
    requireTakes(Op.DELETE);
    return prepare(Op.DELETE, new ColumnValues(List.copyOf(table.getPrimaryKey()), storedKey(key)));
  }

  /**
   * @throws ShardstreamException KEY_CHANGE when the column is part of the primary key
   */
  public void requireNoKeyColumn(Column column) {
    if (keyIds.contains(column.getId())) {
      throw new ShardstreamException(ErrorCode.KEY_CHANGE, column.getName(), table.getName());
    }
  }

  private PreparedChange prepare(Op op, ColumnValues values) {
    return new PreparedChange(
        table,
        new RowChange(op, null, version, values),
        Tables.primaryKeyBytes(table, values),
        RowPlace.of(table, values));
  }

  private List<@Nullable Object> storedKey(List<? extends @Nullable Object> key) {
    List<Column> columns = Tables.primaryKey(table);
    requireSameSize(columns, key);
    List<@Nullable Object> stored = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      stored.add(store(columns.get(i), key.get(i)));
    }
    return stored;
  }

  private @Nullable Object store(Column column, @Nullable Object value) {
    if (value == null) {
      if (!isNullable(column)) {
        throw notNull(column);
      }
      return null;
    }
    return StoredValues.store(column, value)
        .orElseThrow(
            () ->
                new ShardstreamException(
                    ErrorCode.TYPE,
                    column.getName(),
                    table.getName(),
                    ColumnTypes.text(column),
                    shown(value)));
  }

  private boolean isNullable(Column column) {
    return column.getNullable() && !keyIds.contains(column.getId());
  }

  private ShardstreamException notNull(Column column) {
    return new ShardstreamException(ErrorCode.NOT_NULL, column.getName(), table.getName());
  }

  private void requireSameSize(List<Column> columns, List<?> values) {
    if (columns.size() != values.size()) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "%d values for %d columns of table '%s'"
              .formatted(values.size(), columns.size(), table.getName()));
    }
  }

  private static String shown(Object value) {
    String text = Tables.keyText(List.of(value));
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
  }
}
