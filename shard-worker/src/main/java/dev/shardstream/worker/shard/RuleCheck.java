package dev.shardstream.worker.shard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.row.StoredValues;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the rows that are there fulfil a rule. From the rule's record on no change breaks it, so
 * an answer that was asked for behind it stays true.
 */
public final class RuleCheck {
  private static final int MOST_NAMED = 5;

  private RuleCheck() {}

  /**
   * What breaks a rule, with a few examples, as the end of a sentence; empty when nothing does, or
   * when a column that the rule is about is dropped.
   *
   * @param reader a connection to the shard's file, in auto-commit mode
   * @param shape the file's shape
   */
  public static Optional<String> find(Connection reader, TableShape shape, Rule rule)
      throws SQLException {
    List<Column> columns =
        shape.columns().stream().filter(c -> rule.getColumns().contains(c.getId())).toList();
    if (columns.size() < rule.getColumns().size()) {
      return Optional.empty();
    }
    return Transaction.deferred(
        reader,
        () ->
            switch (rule.getKind()) {
              case NOT_NULL -> nulls(reader, shape, rule);
              case UNIQUE -> duplicates(reader, shape, rule);
            });
  }

  private static Optional<String> nulls(Connection reader, TableShape shape, Rule rule)
      throws SQLException {
    String from =
        " FROM "
            + shape.name()
            + " WHERE "
            + TableShape.columnName(rule.getColumns().get(0))
            + " IS NULL";
    List<List<@Nullable Object>> counted = query(reader, "SELECT count(*)" + from, List.of());
    long count = (Long) counted.get(0).get(0);
    if (count == 0) {
      return Optional.empty();
    }
    String keys =
        keys(
            query(
                reader, "SELECT " + keyColumns(shape) + from + " LIMIT " + MOST_NAMED, List.of()));
    return Optional.of(count == 1 ? "1 row, " + keys : count + " rows, for example " + keys);
  }

  private static Optional<String> duplicates(Connection reader, TableShape shape, Rule rule)
      throws SQLException {
    List<String> values =
        rule.getColumns().stream()
            .map(id -> shape.readExpression(Tables.column(shape.table(), id)))
            .toList();
    String none = values.stream().map(v -> v + " IS NOT NULL").collect(Collectors.joining(" AND "));
    String list = String.join(", ", values);
    // The columns contain the shard key, so equal values are in one virtual shard.
    List<List<@Nullable Object>> found =
        query(
            reader,
            "SELECT count(*), "
                + list
                + " FROM "
                + shape.name()
                + " WHERE "
                + none
                + " GROUP BY "
                + list
                + " HAVING count(*) > 1 LIMIT "
                + MOST_NAMED,
            List.of());
    List<String> examples = new ArrayList<>();
    for (List<@Nullable Object> row : found) {
      examples.add(example(reader, shape, values, row));
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", examples));
  }

  private static String example(
      Connection reader, TableShape shape, List<String> columns, List<@Nullable Object> row)
      throws SQLException {
    List<@Nullable Object> values = row.subList(1, row.size());
    String where =
        IntStream.range(0, columns.size())
            .mapToObj(i -> columns.get(i) + " = ?" + (i + 1))
            .collect(Collectors.joining(" AND "));
    List<List<@Nullable Object>> keys =
        query(
            reader,
            "SELECT "
                + keyColumns(shape)
                + " FROM "
                + shape.name()
                + " WHERE "
                + where
                + " LIMIT "
                + MOST_NAMED,
            values);
    return "(" + Tables.keyText(values) + ") is in " + row.get(0) + " rows: keys " + keys(keys);
  }

  private static String keyColumns(TableShape shape) {
    return String.join(", ", shape.keyColumns());
  }

  private static String keys(List<List<@Nullable Object>> rows) {
    return rows.stream()
        .map(key -> "(" + Tables.keyText(key) + ")")
        .collect(Collectors.joining(", "));
  }

  private static List<List<@Nullable Object>> query(
      Connection reader, String sql, List<@Nullable Object> parameters) throws SQLException {
    try (PreparedStatement select = reader.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        select.setObject(i + 1, parameters.get(i));
      }
      try (ResultSet row = select.executeQuery()) {
        return rows(row);
      }
    }
  }

  private static List<List<@Nullable Object>> rows(ResultSet row) throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    int columns = row.getMetaData().getColumnCount();
    while (row.next()) {
      List<@Nullable Object> values = new ArrayList<>(columns);
      for (int i = 1; i <= columns; i++) {
        values.add(StoredValues.ofDriver(row.getObject(i)));
      }
      rows.add(values);
    }
    return rows;
  }
}
