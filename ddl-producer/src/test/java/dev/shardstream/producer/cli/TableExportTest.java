package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.Seeded;
import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TypeName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableExportTest {
  private static final Table TABLE =
      TestTables.table(
          TestTables.key("name", TypeName.TEXT),
          TestTables.column("big", TypeName.BIGINT),
          TestTables.key("n", TypeName.INTEGER),
          TestTables.column("small", TypeName.FLOAT),
          TestTables.column("real", TypeName.DOUBLE),
          TestTables.column("text", TypeName.VARCHAR),
          TestTables.column("bytes", TypeName.BLOB));

  private Connection database;

  @BeforeEach
  void make() throws SQLException {
    database = DriverManager.getConnection("jdbc:sqlite::memory:");
    try (Statement statement = database.createStatement()) {
      statement.execute(
          "CREATE TABLE t (name TEXT, big INTEGER, n INTEGER, small REAL, real REAL, text TEXT,"
              + " bytes BLOB, PRIMARY KEY (name, n)) STRICT, WITHOUT ROWID");
    }
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void an_export_reads_back_as_the_same_rows_in_pages_of_any_size() {
    long seed = System.nanoTime();
    Seeded.run(seed, () -> exportAndReadBack(new Random(seed)));
  }

  private void exportAndReadBack(Random random) throws IOException, SQLException {
    fill(random, 200);

    for (int page : new int[] {1, 7, 200, 1000}) {
      String csv = export(page);
      assertThat(parse(csv)).as("page %d", page).isEqualTo(rows());
    }
  }

  @Test
  void keys_are_compared_column_by_column() throws Exception {
    insert("a", 2, "2");
    insert("b", 1, "3");
    insert("a", 1, "1");

    assertThat(export(1))
        .isEqualTo(
            """
            name,big,n,small,real,text,bytes
            a,,1,,,1,
            a,,2,,,2,
            b,,1,,,3,
            """);
  }

  @Test
  void an_empty_table_is_a_header() throws Exception {
    assertThat(export(10)).isEqualTo("name,big,n,small,real,text,bytes\n");
  }

  @Test
  void pages_shrink_where_shards_may_answer_too_many_rows() throws Exception {
    fill(new Random(1), 50);
    TableExport export =
        new TableExport(
            TABLE,
            QualifiedName.of("t"),
            (sql, values) -> {
              if (Integer.parseInt(sql.substring(sql.lastIndexOf(' ') + 1)) > 10) {
                throw new ShardstreamException(ErrorCode.ROW_LIMIT, 10);
              }
              return select(sql, values);
            });
    StringWriter out = new StringWriter();

    assertThat(export.writeTo(out, ',', rows -> {})).isEqualTo(50);
    assertThat(parse(out.toString())).isEqualTo(rows());
  }

  private void fill(Random random, int rows) throws SQLException {
    List<String> names = List.of("", " ", "a", "A", "é", "\uD83D\uDE00", "x,y", "\"", "l\nm");
    for (int i = 0; i < rows; i++) {
      try (PreparedStatement insert =
          database.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)")) {
        insert.setString(1, names.get(random.nextInt(names.size())));
        insert.setObject(2, maybe(random, random.nextLong()));
        insert.setInt(3, i);
        insert.setObject(4, maybe(random, (double) (float) random.nextGaussian()));
        insert.setObject(5, maybe(random, random.nextGaussian() * 1e100));
        insert.setObject(6, maybe(random, names.get(random.nextInt(names.size()))));
        insert.setObject(7, maybe(random, new byte[] {(byte) random.nextInt(), 0}));
        insert.executeUpdate();
      }
    }
  }

  private static @Nullable Object maybe(Random random, Object value) {
    return random.nextInt(4) == 0 ? null : value;
  }

  private void insert(String name, int n, String text) throws SQLException {
    try (PreparedStatement insert =
        database.prepareStatement("INSERT INTO t (name, n, text) VALUES (?, ?, ?)")) {
      insert.setString(1, name);
      insert.setInt(2, n);
      insert.setString(3, text);
      insert.executeUpdate();
    }
  }

  private String export(int page) throws IOException {
    StringWriter out = new StringWriter();
    new TableExport(TABLE, QualifiedName.of("t"), this::select, page).writeTo(out, ',', rows -> {});
    return out.toString();
  }

  /** Rows as text that tells types and bytes apart. */
  private List<String> rows() {
    return select("SELECT * FROM t ORDER BY name, n", List.of()).rows().stream()
        .map(TableExportTest::shown)
        .toList();
  }

  private static List<String> parse(String csv) throws IOException {
    byte[] bytes = csv.getBytes(StandardCharsets.UTF_8);
    List<String> rows = new ArrayList<>();
    try (CsvReader reader = new CsvReader(new ByteArrayInputStream(bytes), ',')) {
      CsvRecord first = reader.next();
      assertThat(first).isNotNull();
      CsvHeader header = CsvHeader.of(TABLE, first);
      assertThat(header.columns()).isEqualTo(TABLE.getColumns());
      CsvRecord record = reader.next();
      while (record != null) {
        rows.add(shown(header.values(record)));
        record = reader.next();
      }
    }
    return rows;
  }

  private static String shown(List<@Nullable Object> row) {
    return row.stream()
        .map(
            value ->
                value == null
                    ? "NULL"
                    : value.getClass().getSimpleName() + ":" + CellValues.text(value))
        .collect(Collectors.joining("|"));
  }

  private Result select(String sql, List<@Nullable Object> values) {
    try (PreparedStatement statement = database.prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      List<List<@Nullable Object>> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          List<@Nullable Object> row = new ArrayList<>();
          for (int i = 1; i <= TABLE.getColumns().size(); i++) {
            Object value = result.getObject(i);
            row.add(value instanceof Integer n ? (Object) n.longValue() : value);
          }
          rows.add(Collections.unmodifiableList(row));
        }
      }
      return new Result(TABLE.getColumns().stream().map(Column::getName).toList(), rows, -1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
