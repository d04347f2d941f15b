package dev.shardstream.schemas.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementWordsTest {
  private static Set<String> called(String sql) {
    return StatementWords.of(sql).called();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT padl('x', 1)",
        "SELECT PadL ( 'x', 1)",
        "SELECT padl/* ( */(1)",
        "SELECT padl -- (\n (1)",
        "SELECT \"padl\"(1)",
        "SELECT `padl` (1)",
        "SELECT [padl]\t(1)",
        "SELECT 'it''s', padl(1)",
        "SELECT padl\uFEFF, padl \uFEFF(1)",
        "SELECT '(' || padl(1)"
      })
  void a_function_is_found_however_it_is_written(String sql) {
    assertThat(called(sql)).contains("padl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'padl(' || \"padl\" || padl",
        "SELECT 1 -- padl(1)",
        "SELECT 1 /* padl(1)",
        "SELECT padl\uFEFF(1)",
        "SELECT padl, (1)",
        "SELECT padl 'x'(1)"
      })
  void what_is_no_call_is_not_taken_for_one(String sql) {
    assertThat(called(sql)).doesNotContain("padl");
  }

  @Test
  void names_are_unquoted_as_sqlite_does_it() {
    assertThat(called("SELECT \"a\"\"b\"(1), `c``d`(1), [e\"f](1), g$1(2), \"open(3"))
        .containsExactlyInAnyOrder("a\"b", "c`d", "e\"f", "g$1");
  }

  @Test
  void the_first_word_is_that_before_which_sqlite_sees_nothing() {
    assertThat(StatementWords.of("\uFEFF /* x */ -- y\n SELECT(1)").first()).isEqualTo("select");
    assertThat(StatementWords.of("'SELECT' SELECT").first()).isEmpty();
    assertThat(StatementWords.of("\"SELECT\" 1").first()).isEmpty();
    assertThat(StatementWords.of(";SELECT 1").first()).isEmpty();
    assertThat(StatementWords.of("/* SELECT").first()).isEmpty();
    assertThat(StatementWords.of("").first()).isEmpty();
  }

  @Test
  void a_long_statement_of_nothing_is_read_to_its_end() {
    assertThat(StatementWords.of("/**/ \n''".repeat(100_000) + "f(").called()).containsExactly("f");
    assertThat(StatementWords.of(" ".repeat(1_000_000) + "SELECT 1").first()).isEqualTo("select");
  }
}
