package dev.shardstream.producer.gateway;

import dev.shardstream.producer.api.Result;
import dev.shardstream.schemas.http.JsonValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a statement.
 *
 * @param columns in order
 * @param rows values, one for each column, as {@link JsonValues} encodes them
 * @param rowsAffected rows that INSERT, UPDATE or DELETE changed; null for other statements
 */
public record SqlAnswer(
    List<AnswerColumn> columns, List<List<@Nullable Object>> rows, @Nullable Long rowsAffected) {
  private static final String UNKNOWN = "NULL";
  private static final String SEVERAL = "ANY";

  /**
   * A column.
   *
   * @param type storage class of its values, which in SQLite each value has for itself: {@code
   *     INTEGER}, {@code REAL}, {@code TEXT} or {@code BLOB}; {@code ANY} when they have several,
   *     {@code NULL} when there is no value
   */
  public record AnswerColumn(String name, String type) {}

  static SqlAnswer of(Result result) {
    List<AnswerColumn> columns = new ArrayList<>();
    for (int at = 0; at < result.columns().size(); at++) {
      columns.add(new AnswerColumn(result.columns().get(at), type(result.rows(), at)));
    }
    return new SqlAnswer(
        columns,
        result.rows().stream().map(JsonValues::encode).toList(),
        result.affected() < 0 ? null : (Long) result.affected());
  }

  private static String type(List<List<@Nullable Object>> rows, int column) {
    String common = UNKNOWN;
    for (List<@Nullable Object> row : rows) {
      String type = type(row.get(column));
      if (!type.equals(UNKNOWN) && !common.equals(UNKNOWN) && !type.equals(common)) {
        return SEVERAL;
      }
      common = type.equals(UNKNOWN) ? common : type;
    }
    return common;
  }

  private static String type(@Nullable Object value) {
    if (value instanceof Long) {
      return "INTEGER";
    }
    if (value instanceof Double) {
      return "REAL";
    }
    if (value instanceof byte[]) {
      return "BLOB";
    }
    return value == null ? UNKNOWN : "TEXT";
  }
}
