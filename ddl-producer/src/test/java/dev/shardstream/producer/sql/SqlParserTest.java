package dev.shardstream.producer.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlParserTest {
  @Test
  void the_first_namespace_needs_no_quotes_although_its_name_is_a_reserved_word() {
    assertThat(SqlParser.parse("DESC default.users"))
        .isEqualTo(new Report.DescribeTable(new QualifiedName("default", "users"), false));
    assertThat(SqlParser.parse("SHOW TABLES IN default"))
        .isEqualTo(new Report.ShowTables("default"));
    assertThat(SqlParser.parse("DROP TABLE default.users"))
        .isEqualTo(SqlParser.parse("DROP TABLE \"default\".users"));
  }

  @Test
  void a_script_is_cut_at_semicolons_outside_of_quotes_and_comments() {
    List<Statement> statements =
        SqlParser.parseScript(
            """
            -- the first; of all
            SELECT ';' /* ; */ AS "a;b"; ;
            DROP TABLE t /* not a name; */;
            SELECT '😀', b FROM t -- no semicolon
            """);
    assertThat(statements.stream().map(Printed::of))
        .containsExactly(
            "SelectStatement('SELECT ';' /* ; */ AS \"a;b\"' [] [] [] -)",
            "DropTable(QualifiedName(- 't') false false -)",
            "SelectStatement('SELECT '😀', b FROM t' [TableRef(QualifiedName(- 't') - 20 21 false"
                + " false ['b'])] [] [] SimpleSelect(TableRef(QualifiedName(- 't') - 20 21 false"
                + " false ['b']) false [ExprItem('😀' -), ExprItem(ColumnRef(- - 'b') -)] - [] - []"
                + " - - false))");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", ";", "-- SELECT 1;", "/* ; */ ;;"})
  void a_blank_input_has_no_statements(String input) {
    assertThat(SqlParser.parseScript(input)).isEmpty();
    assertThat(SqlParser.isBlank(input)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      textBlock =
          """
          SELECT 1;               | true
          SELECT 1; -- done       | true
          SELECT 1; /* done */    | true
          SELECT 1;; ;            | true
          SELEC;                  | true
          SELECT 1                | false
          SELECT 1; SELECT 2      | false
          SELECT ';               | false
          SELECT ';'              | false
          SELECT 'it'';           | false
          SELECT ";               | false
          SELECT [a;              | false
          SELECT `a;              | false
          SELECT 1 -- ;           | false
          SELECT 1 /* ;           | false
          SELECT 1; /* done       | false
          -- nothing              | false
          """)
  void an_input_is_complete_when_a_semicolon_ends_it(String input, boolean complete) {
    assertThat(SqlParser.isComplete(input)).isEqualTo(complete);
  }

  @Test
  void exactly_one_statement_is_parsed_alone() {
    assertThatThrownBy(() -> SqlParser.parse("SHOW TABLES; SHOW TABLES"))
        .hasMessage("Syntax error at line 1, column 1: expected one statement, found 2");
    assertThatThrownBy(() -> SqlParser.parse(" ; "))
        .hasMessage("Syntax error at line 1, column 1: expected one statement, found 0");
  }

  @Test
  void a_piece_knows_its_text_and_its_parameters() {
    SelectStatement select =
        (SelectStatement)
            SqlParser.parse("SELECT '😀' FROM t WHERE a = ? AND (b > ? OR c IN (?, ?))  LIMIT ?");
    SimpleSelect simple = Objects.requireNonNull(select.simple());
    List<Expr> conjuncts = simple.conjuncts();
    assertThat(conjuncts.stream().map(Expr::text)).containsExactly("a = ?", "b > ? OR c IN (?, ?)");
    assertThat(select.parametersIn(conjuncts.get(1).source()).stream().map(ParameterRef::index))
        .containsExactly(2, 3, 4);
    for (Expr conjunct : conjuncts) {
      SourceText source = conjunct.source();
      assertThat(select.text().substring(source.start(), source.end())).isEqualTo(source.text());
    }
    assertThat(select.parameterCount()).isEqualTo(5);
  }

  @Test
  void aggregates_are_told_from_window_and_scalar_functions() {
    assertThat(aggregated("SELECT sum(a) FROM t")).isTrue();
    assertThat(aggregated("SELECT 1 + max(a) FROM t")).isTrue();
    assertThat(aggregated("SELECT a FROM t GROUP BY a")).isTrue();
    assertThat(aggregated("SELECT a FROM t ORDER BY count(*)")).isTrue();
    assertThat(aggregated("SELECT max(a, b) FROM t")).isFalse();
    assertThat(aggregated("SELECT sum(a) OVER () FROM t")).isFalse();
    assertThat(aggregated("SELECT sum(sum(a)) OVER () FROM t")).isTrue();
  }

  private static boolean aggregated(String sql) {
    SelectStatement select = (SelectStatement) SqlParser.parse(sql);
    return Objects.requireNonNull(select.simple()).aggregated();
  }

  @Test
  void wide_statements_parse_and_deep_ones_are_refused() {
    String in = String.join(",", Collections.nCopies(10_000, "?"));
    assertThat(SqlParser.parse("SELECT a FROM t WHERE a IN (" + in + ")").parameterCount())
        .isEqualTo(10_000);
    String rows = String.join(",", Collections.nCopies(5_000, "(1, 'a', ?)"));
    Statement.Insert insert = (Statement.Insert) SqlParser.parse("INSERT INTO t VALUES " + rows);
    assertThat(insert.rows()).hasSize(5_000);
    String sum = "1" + " + 1".repeat(1_000);
    String either = "a = 1" + " OR a = 1".repeat(1_000);
    assertThat(SqlParser.parse("DELETE FROM t WHERE " + either + " OR a = " + sum)).isNotNull();
    assertThat(SqlParser.parse("SELECT " + "(".repeat(200) + "1" + ")".repeat(200))).isNotNull();
    assertThatThrownBy(() -> SqlParser.parse("SELECT " + "(".repeat(100_000)))
        .hasMessage("Not supported: parentheses nested deeper than 200 levels");
    assertThat(SqlParser.parse("SELECT " + "- ".repeat(500) + "1")).isNotNull();
    for (int many : List.of(1_500, 20_000)) {
      assertThatThrownBy(() -> SqlParser.parse("SELECT 1" + " + 1".repeat(many)))
          .hasMessage("Not supported: an expression of so many operators");
      assertThatThrownBy(() -> SqlParser.parse("SELECT " + "- ".repeat(many) + "1"))
          .hasMessage("Not supported: a statement nested so deeply");
    }
  }
}
