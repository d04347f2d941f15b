package dev.shardstream.producer.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.Identifiers;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SQLite is the judge of what a SELECT is, which tables it reads and which columns it needs. */
class SelectAgainstSqliteTest {
  static List<String> corpus() {
    return SelectCorpus.ALL;
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void sqlite_needs_no_table_and_no_column_that_was_not_found(String sql) throws SQLException {
    SelectStatement select = (SelectStatement) SqlParser.parse(sql);
    List<String> whole;
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      createAll(sqlite);
      whole = prepared(sqlite, sql, select);
    }
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      createMentioned(sqlite, select, "");
      assertThat(prepared(sqlite, sql, select)).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void a_select_runs_over_tables_of_other_names(String sql) throws SQLException {
    SelectStatement select = (SelectStatement) SqlParser.parse(sql);
    String moved =
        select.withTables(ref -> Identifiers.quote("physical " + ref.table().name().toLowerCase()));
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      createMentioned(sqlite, select, "physical ");
      prepared(sqlite, moved, select);
    }
    SelectStatement again = (SelectStatement) SqlParser.parse(moved);
    assertThat(again.tables()).hasSameSizeAs(select.tables());
    assertThat(again.parameterCount()).isEqualTo(select.parameterCount());
  }

  @Test
  void a_database_prefix_goes_with_its_table() throws SQLException {
    SelectStatement select =
        (SelectStatement)
            SqlParser.parse(
                "SELECT shop . users.name, u2.id FROM shop.users JOIN shop.users u2"
                    + " ON shop.users.id = u2.manager WHERE 1 IN shop.ids");
    String moved = select.withTables(ref -> "\"t-" + ref.table().name() + "\"");
    assertThat(moved)
        .isEqualTo(
            "SELECT users.name, u2.id FROM \"t-users\" AS \"users\" JOIN \"t-users\" u2"
                + " ON users.id = u2.manager WHERE 1 IN \"t-ids\"");
    assertThat(select.tables().stream().map(TableRef::toString))
        .containsExactly(
            "shop.users@37-47 [id, name]",
            "shop.users AS u2@53-63 [id, manager]",
            "shop.ids@108-116 operand * []");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT",
        "SELECT FROM users",
        "SELECT id users WHERE",
        "SELECT id FROM users WHERE",
        "SELECT id FROM users GROUP city",
        "SELECT id FROM users LIMIT",
        "SELECT id, FROM users",
        "SELECT id FROM users ORDER age",
        "SELECT id FROM users JOIN",
        "SELECT id FROM users WHERE age BETWEEN 1",
        "SELECT id FROM users WHERE age IN 1",
        "SELECT id FROM users WHERE NOT",
        "SELECT CASE END FROM users",
        "SELECT CAST(age) FROM users",
        "SELECT index FROM users",
        "SELECT 1abc",
        "SELECT id FROM users left",
        "SELECT (1, 2",
        "SELECT 'abc",
        "SELECT id FROM users UNION",
        "WITH c SELECT 1",
        "SELECT sum(age) OVER () () FROM users",
        "SELECT id FROM users # comment"
      })
  void what_sqlite_refuses_is_refused(String sql) throws SQLException {
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      createAll(sqlite);
      assertThatThrownBy(() -> sqlite.prepareStatement(sql)).isInstanceOf(SQLException.class);
    }
    assertThatThrownBy(() -> SqlParser.parse(sql))
        .isInstanceOf(ShardstreamException.class)
        .hasMessageStartingWith("Syntax error at line 1, column ");
  }

  /** The names of the result's columns; the number of parameters must be ours. */
  private static List<String> prepared(Connection sqlite, String sql, SelectStatement select)
      throws SQLException {
    try (PreparedStatement statement = sqlite.prepareStatement(sql)) {
      assertThat(statement.getParameterMetaData().getParameterCount())
          .isEqualTo(select.parameterCount());
      ResultSetMetaData result = statement.getMetaData();
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= result.getColumnCount(); i++) {
        names.add(result.getColumnLabel(i));
      }
      return names;
    }
  }

  private static void createAll(Connection sqlite) throws SQLException {
    for (SelectCorpus.Table table : SelectCorpus.TABLES) {
      create(sqlite, table.name(), table, column -> true);
    }
  }

  /** Creates only the tables that are mentioned, with only the columns that may be needed. */
  private static void createMentioned(Connection sqlite, SelectStatement select, String prefix)
      throws SQLException {
    Map<String, List<TableRef>> mentions =
        select.tables().stream()
            .collect(
                Collectors.groupingBy(
                    ref -> ref.table().name().toLowerCase(), TreeMap::new, Collectors.toList()));
    for (Map.Entry<String, List<TableRef>> mention : mentions.entrySet()) {
      SelectCorpus.Table table =
          SelectCorpus.TABLES.stream()
              .filter(known -> known.name().equals(mention.getKey()))
              .findFirst()
              .orElseThrow(() -> new AssertionError("No table: " + mention));
      create(
          sqlite,
          prefix + table.name(),
          table,
          column -> mention.getValue().stream().anyMatch(ref -> ref.mayNeed(column)));
    }
  }

  private static void create(
      Connection sqlite, String name, SelectCorpus.Table table, Predicate<String> wanted)
      throws SQLException {
    List<String> columns =
        new ArrayList<>(
            table.columns().stream()
                .filter(column -> wanted.test(SelectCorpus.Table.bare(column)))
                .toList());
    if (columns.isEmpty()) {
      columns.add("nothing INT");
    }
    try (PreparedStatement create =
        sqlite.prepareStatement(
            "CREATE TABLE "
                + Identifiers.quote(name)
                + columns.stream().collect(Collectors.joining(", ", " (", ")")))) {
      create.execute();
    }
  }
}
