package dev.shardstream.producer.query;

import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.event.Table;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All rows in one ordinary SQLite: what every result is compared with. */
final class PlainSqlite implements AutoCloseable {
  private final Connection connection;

  PlainSqlite() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("ATTACH ':memory:' AS \"default\"");
    }
  }

  void load(Table table, List<List<@Nullable Object>> rows) throws SQLException {
    String columns =
        table.getColumns().stream()
            .map(
                column ->
                    Identifiers.quote(column.getName())
                        + " "
                        + Plan.GatheredColumn.of(column).type())
            .collect(Collectors.joining(", "));
    String key =
        table.getPrimaryKey().stream()
            .map(id -> Identifiers.quote(table.getColumns().get(id - 1).getName()))
            .collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE \"default\".%s (%s, PRIMARY KEY (%s)) STRICT, WITHOUT ROWID"
              .formatted(table.getName(), columns, key));
    }
    String values = "?" + ", ?".repeat(table.getColumns().size() - 1);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO " + table.getName() + " VALUES (" + values + ")")) {
      for (List<@Nullable Object> row : rows) {
        for (int i = 0; i < row.size(); i++) {
          insert.setObject(i + 1, row.get(i));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  QueryResult select(String sql, List<? extends @Nullable Object> parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        int count = rows.getMetaData().getColumnCount();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
          columns.add(rows.getMetaData().getColumnName(i));
        }
        List<List<@Nullable Object>> all = new ArrayList<>();
        while (rows.next()) {
          List<@Nullable Object> row = new ArrayList<>();
          for (int i = 1; i <= count; i++) {
            Object value = rows.getObject(i);
            row.add(value instanceof Integer number ? (Object) number.longValue() : value);
          }
          all.add(row);
        }
        return new QueryResult(columns, all);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
