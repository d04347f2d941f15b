package dev.shardstream.producer.cli;

import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the answer of a statement is printed. */
enum OutputFormat {
  /** Columns aligned for a person. */
  TABLE {
    @Override
    String text(List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
      return TextTable.of(columns, rows);
    }
  },

  /** One line with one object: {@code {"columns": […], "rows": [[…]]}}. */
  JSON {
    @Override
    String text(List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("columns", columns);
      object.put("rows", rows.stream().map(JsonValues::encode).toList());
      return Json.write(object) + "\n";
    }
  },

  /** A header and the rows, as {@link CsvWriter} writes them. */
  CSV {
    @Override
    String text(List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
      List<List<@Nullable String>> records = new ArrayList<>();
      records.add(new ArrayList<>(columns));
      rows.forEach(row -> records.add(fields(row)));
      return CsvWriter.text(records);
    }
  };

  /** The whole answer, its last line ended. */
  abstract String text(List<String> columns, List<? extends List<? extends @Nullable Object>> rows);

  private static List<@Nullable String> fields(List<? extends @Nullable Object> row) {
    List<@Nullable String> fields = new ArrayList<>(row.size());
    for (Object value : row) {
      fields.add(CellValues.text(value));
    }
    return fields;
  }
}
