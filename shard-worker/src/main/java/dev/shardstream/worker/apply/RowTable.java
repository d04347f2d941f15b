package dev.shardstream.worker.apply;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.row.StoredValues;
import dev.shardstream.worker.decide.Fold;
import dev.shardstream.worker.decide.Row;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.decide.UniqueValue;
import dev.shardstream.worker.shard.TableShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a shard, many per statement. Statements come in a few sizes and are prepared once;
 * any number of rows is a sum of those sizes.
 */
final class RowTable implements AutoCloseable {
  /** Below SQLite's limit of 32,766 (https://sqlite.org/limits.html). */
  private static final int MOST_VARIABLES = 32_000;

  private static final int[] SIZES = {256, 64, 16, 4, 1};

  private final Connection writer;
  private final TableShape shape;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  RowTable(Connection writer, TableShape shape) {
    this.writer = writer;
    this.shape = shape;
  }

  /** The rows that are there among the keys. */
  Map<RowKey, Row> fetch(List<RowKey> keys) throws SQLException {
    Map<RowKey, Row> rows = new HashMap<>(keys.size() * 2);
    for (List<RowKey> chunk : chunks(keys, 1 + shape.keyColumns().size())) {
      PreparedStatement select = prepare(fetchSql(chunk.size()));
      bindKeys(select, chunk);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          addRow(rows, found);
        }
      }
    }
    return rows;
  }

  private void addRow(Map<RowKey, Row> rows, ResultSet found) throws SQLException {
    int columns = shape.columns().size();
    List<@Nullable Object> values = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      values.add(StoredValues.ofDriver(found.getObject(2 + i)));
    }
    List<Object> key = shape.keyOf(values);
    rows.put(
        new RowKey(found.getInt(1), key, CanonicalKey.of(key)),
        new Row(values, found.getLong(2 + columns), found.getLong(3 + columns)));
  }

  /** By value that a row holds, the keys of its rows; values that none holds are missing. */
  Map<UniqueValue, Set<RowKey>> holders(Collection<UniqueValue> values) throws SQLException {
    Map<UniqueValue, Set<RowKey>> holders = new HashMap<>();
    Map<Rule, List<UniqueValue>> byRule =
        values.stream().collect(Collectors.groupingBy(UniqueValue::rule));
    for (Map.Entry<Rule, List<UniqueValue>> asked : byRule.entrySet()) {
      List<Integer> columns = asked.getKey().getColumns();
      for (List<UniqueValue> chunk : chunks(asked.getValue(), 2 + columns.size())) {
        PreparedStatement select = prepare(holdersSql(columns, chunk.size()));
        bindValues(select, chunk);
        try (ResultSet found = select.executeQuery()) {
          while (found.next()) {
            holders
                .computeIfAbsent(chunk.get(found.getInt(1)), value -> new HashSet<>(2))
                .add(foundKey(found));
          }
        }
      }
    }
    return holders;
  }

  private RowKey foundKey(ResultSet found) throws SQLException {
    List<Object> key = new ArrayList<>(shape.keyColumns().size());
    for (int i = 0; i < shape.keyColumns().size(); i++) {
      key.add(StoredValues.ofDriver(found.getObject(3 + i)));
    }
    return new RowKey(found.getInt(2), key, CanonicalKey.of(key));
  }

  private static void bindValues(PreparedStatement select, List<UniqueValue> values)
      throws SQLException {
    int at = 0;
    for (int i = 0; i < values.size(); i++) {
      select.setInt(++at, i);
      select.setInt(++at, values.get(i).virtualShard());
      for (Object value : values.get(i).values()) {
        bind(select, ++at, value);
      }
    }
  }

  /** Writes rows, whether they are there or not. */
  void put(List<Fold.Put> puts) throws SQLException {
    for (List<Fold.Put> chunk : chunks(puts, shape.allColumns().size())) {
      PreparedStatement insert = prepare(putSql(chunk.size()));
      int at = 0;
      for (Fold.Put put : chunk) {
        insert.setInt(++at, put.key().virtualShard());
        for (Object value : put.row().values()) {
          bind(insert, ++at, value);
        }
        insert.setLong(++at, put.row().version());
        insert.setLong(++at, put.row().updated());
      }
      insert.executeUpdate();
    }
  }

  /** Deletes rows. */
  void remove(List<RowKey> keys) throws SQLException {
    for (List<RowKey> chunk : chunks(keys, 1 + shape.keyColumns().size())) {
      PreparedStatement delete = prepare(removeSql(chunk.size()));
      bindKeys(delete, chunk);
      delete.executeUpdate();
    }
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    prepared.clear();
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = writer.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  private String fetchSql(int rows) {
    List<String> keys = shape.keyColumns();
    String names =
        IntStream.range(0, keys.size()).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
    String join =
        IntStream.range(0, keys.size())
            .mapToObj(i -> " AND r." + keys.get(i) + " = k.k" + i)
            .collect(Collectors.joining());
    String columns =
        shape.allColumns().stream().map(c -> "r." + c).collect(Collectors.joining(", "));
    // CROSS JOIN keeps the order: each wanted key is one search in the primary key.
    return "WITH k(v, "
        + names
        + ") AS (VALUES "
        + tuples(rows, 1 + keys.size())
        + ") SELECT "
        + columns
        + " FROM k CROSS JOIN "
        + shape.name()
        + " r ON r._virtualShard = k.v"
        + join;
  }

  /**
   * Found by the rule's index, which ends in the virtual shard as in the whole primary key; while
   * the index is not there (a rule can outlive it for some changes), within the virtual shard.
   */
  String holdersSql(List<Integer> columns, int values) {
    String names =
        IntStream.range(0, columns.size()).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
    String join =
        IntStream.range(0, columns.size())
            .mapToObj(i -> readExpression(columns.get(i)) + " = k.k" + i)
            .collect(Collectors.joining(" AND "));
    String key = shape.keyColumns().stream().map(c -> "r." + c).collect(Collectors.joining(", "));
    return "WITH k(i, v, "
        + names
        + ") AS (VALUES "
        + tuples(values, 2 + columns.size())
        + ") SELECT k.i, r._virtualShard, "
        + key
        + " FROM k CROSS JOIN "
        + shape.name()
        + " r ON "
        + join
        + " AND r._virtualShard = k.v";
  }

  private String readExpression(int columnId) {
    return shape.readExpression(Tables.column(shape.table(), columnId));
  }

  private String putSql(int rows) {
    List<String> columns = shape.allColumns();
    return "INSERT OR REPLACE INTO "
        + shape.name()
        + " ("
        + String.join(", ", columns)
        + ") VALUES "
        + tuples(rows, columns.size());
  }

  private String removeSql(int rows) {
    return "DELETE FROM "
        + shape.name()
        + " WHERE (_virtualShard, "
        + String.join(", ", shape.keyColumns())
        + ") IN (VALUES "
        + tuples(rows, 1 + shape.keyColumns().size())
        + ")";
  }

  private static String tuples(int rows, int columns) {
    String tuple = "(" + String.join(", ", Collections.nCopies(columns, "?")) + ")";
    return String.join(", ", Collections.nCopies(rows, tuple));
  }

  private static void bindKeys(PreparedStatement statement, List<RowKey> keys) throws SQLException {
    int at = 0;
    for (RowKey key : keys) {
      statement.setInt(++at, key.virtualShard());
      for (Object value : key.values()) {
        bind(statement, ++at, value);
      }
    }
  }

  private static void bind(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    if (value instanceof Long number) {
      statement.setLong(at, number);
    } else if (value instanceof String text) {
      statement.setString(at, text);
    } else if (value instanceof Double real) {
      statement.setDouble(at, real);
    } else if (value instanceof byte[] bytes) {
      statement.setBytes(at, bytes);
    } else {
      statement.setNull(at, java.sql.Types.NULL);
    }
  }

  private static <T> List<List<T>> chunks(List<T> all, int variables) {
    List<List<T>> chunks = new ArrayList<>();
    int from = 0;
    for (int size : SIZES) {
      if (size > 1 && size * variables > MOST_VARIABLES) {
        continue;
      }
      while (all.size() - from >= size) {
        chunks.add(all.subList(from, from + size));
        from += size;
      }
    }
    return chunks;
  }
}
