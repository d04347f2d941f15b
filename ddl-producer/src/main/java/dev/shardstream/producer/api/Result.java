package dev.shardstream.producer.api;

import dev.shardstream.producer.query.QueryResult;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a statement; docs/sql.md lists the columns of each.
 *
 * @param columns names, in order
 * @param rows values, one for each column: Long, Double, String, byte[] or null
 * @param affected rows that INSERT, UPSERT, UPDATE or DELETE changed; -1 for other statements
 */
public record Result(List<String> columns, List<List<@Nullable Object>> rows, long affected) {
  static Result rows(List<String> columns, List<List<@Nullable Object>> rows) {
    return new Result(columns, rows, -1);
  }

  static Result row(List<String> columns, @Nullable Object... values) {
    return rows(columns, List.of(Arrays.asList(values)));
  }

  static Result of(QueryResult answer) {
    return rows(answer.columns(), answer.rows());
  }

  static Result affected(long rows) {
    return new Result(List.of("rows_affected"), List.of(List.of(rows)), rows);
  }
}
