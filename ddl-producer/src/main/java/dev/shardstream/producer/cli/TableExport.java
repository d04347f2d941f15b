package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table as CSV in the order of its primary key, page by page, each page beginning behind
 * the last key of the one before. A row that stays as it is while this runs is written once; the
 * whole is no snapshot of one moment.
 */
final class TableExport {
  private static final int PAGE_ROWS = 20_000;

  private final Table table;
  private final QualifiedName name;
  private final BiFunction<String, List<@Nullable Object>, Result> select;
  private int pageRows;

  /**
   * @param name what statements call the table
   * @param select executes a SELECT with the values of its parameters
   */
  TableExport(
      Table table, QualifiedName name, BiFunction<String, List<@Nullable Object>, Result> select) {
    this(table, name, select, PAGE_ROWS);
  }

  TableExport(
      Table table,
      QualifiedName name,
      BiFunction<String, List<@Nullable Object>, Result> select,
      int pageRows) {
    this.table = table;
    this.name = name;
    this.select = select;
    this.pageRows = pageRows;
  }

  /**
   * @param progress gets the count of rows after each page
   * @return rows written
   */
  long writeTo(Writer out, char delimiter, LongConsumer progress) throws IOException {
    List<Column> columns = table.getColumns();
    CsvWriter csv = new CsvWriter(out, delimiter);
    csv.write(columns.stream().map(Column::getName).toList());
    long rows = 0;
    List<@Nullable Object> last = List.of();
    boolean more = true;
    while (more) {
      List<List<@Nullable Object>> page = page(last);
      for (List<@Nullable Object> row : page) {
        csv.write(texts(columns, row));
      }
      rows += page.size();
      progress.accept(rows);
      more = page.size() >= pageRows;
      last = page.isEmpty() ? last : key(page.get(page.size() - 1));
    }
    return rows;
  }

  private static List<@Nullable String> texts(List<Column> columns, List<@Nullable Object> row) {
    List<@Nullable String> texts = new ArrayList<>(row.size());
    for (int i = 0; i < columns.size(); i++) {
      texts.add(CellValues.text(columns.get(i), row.get(i)));
    }
    return texts;
  }

  private List<@Nullable Object> key(List<@Nullable Object> row) {
    List<@Nullable Object> key = new ArrayList<>();
    for (Column column : Tables.primaryKey(table)) {
      key.add(row.get(table.getColumns().indexOf(column)));
    }
    return key;
  }

  /** Every shard may answer a whole page: with many shards pages are smaller. */
  private List<List<@Nullable Object>> page(List<@Nullable Object> after) {
    while (true) {
      try {
        return select.apply(sql(!after.isEmpty()), after).rows();
      } catch (ShardstreamException e) {
        if (e.code() != ErrorCode.ROW_LIMIT || pageRows == 1) {
          throw e;
        }
        pageRows /= 2;
      }
    }
  }

  private String sql(boolean isContinued) {
    List<Column> key = Tables.primaryKey(table);
    String where =
        isContinued
            ? " WHERE ("
                + names(key)
                + ") > ("
                + String.join(", ", Collections.nCopies(key.size(), "?"))
                + ")"
            : "";
    return "SELECT "
        + names(table.getColumns())
        + " FROM "
        + (name.database() == null ? "" : Identifiers.quote(name.database()) + ".")
        + Identifiers.quote(name.name())
        + where
        + " ORDER BY "
        + names(key)
        + " LIMIT "
        + pageRows;
  }

  private static String names(List<Column> columns) {
    return columns.stream()
        .map(column -> Identifiers.quote(column.getName()))
        .collect(Collectors.joining(", "));
  }
}
