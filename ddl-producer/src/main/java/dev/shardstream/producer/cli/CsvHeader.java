package dev.shardstream.producer.cli;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a CSV file: which column each field is.
 *
 * @param table the table
 * @param columns in the order of the file
 */
record CsvHeader(Table table, List<Column> columns) {
  CsvHeader {
    columns = List.copyOf(columns);
  }

  /**
   * @throws ShardstreamException COLUMN_NOT_FOUND, DUPLICATE_COLUMN; NOT_NULL for a column that is
   *     missing and has no default
   */
  static CsvHeader of(Table table, CsvRecord header) {
    if (header.problem() != null) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "the header cannot be read: " + header.problem());
    }
    List<Column> columns = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (String field : header.fields()) {
      Column column = Tables.requireColumn(table, field == null ? "" : field.strip());
      if (!ids.add(column.getId())) {
        throw new ShardstreamException(
            ErrorCode.DUPLICATE_COLUMN, column.getName(), table.getName());
      }
      columns.add(column);
    }
    requireRest(table, ids);
    return new CsvHeader(table, columns);
  }

  private static void requireRest(Table table, Set<Integer> given) {
    for (Column column : table.getColumns()) {
      boolean needed = !column.getNullable() || table.getPrimaryKey().contains(column.getId());
      if (needed && column.getDefaultValue() == null && !given.contains(column.getId())) {
        throw new ShardstreamException(ErrorCode.NOT_NULL, column.getName(), table.getName());
      }
    }
  }

  /** Names of the columns, in the order of the file. */
  List<String> names() {
    return columns.stream().map(Column::getName).toList();
  }

  /**
   * The stored values of a record.
   *
   * @throws ShardstreamException TYPE
   */
  List<@Nullable Object> values(CsvRecord record) {
    List<@Nullable Object> values = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      values.add(CellValues.parse(table.getName(), columns.get(i), record.fields().get(i)));
    }
    return values;
  }
}
