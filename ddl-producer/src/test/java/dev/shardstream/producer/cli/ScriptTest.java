package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {
  @Test
  void semicolons_in_texts_names_and_comments_separate_nothing() {
    String script =
        "select ';', \"a;b\", [c;d], `e;f` from t; -- g;h\n/* i;j */ select 'it''s;'; select x';'";

    assertThat(texts(script))
        .containsExactly(
            "select ';', \"a;b\", [c;d], `e;f` from t",
            " -- g;h\n/* i;j */ select 'it''s;'",
            " select x';'");
  }

  @Test
  void blanks_and_comments_alone_are_no_statement() {
    assertThat(texts(" ;; -- nothing\n; /* at all */ ")).isEmpty();
  }

  @Test
  void characters_beyond_16_bits_move_nothing() {
    assertThat(texts("select '\uD83D\uDE00;' ; select '\uD83D\uDE00'; select 3;"))
        .containsExactly("select '\uD83D\uDE00;' ", " select '\uD83D\uDE00'", " select 3");
  }

  @Test
  void a_table_option_in_a_comment_stays_with_its_statement() {
    assertThat(texts("create table t (id int primary key) /* SHARDS=4 */; select 1"))
        .containsExactly("create table t (id int primary key) /* SHARDS=4 */", " select 1");
  }

  @Test
  void a_script_has_as_many_statements_as_the_parser_finds() {
    String script = "select 1; delete from t where a = ';' /* ; */; ; show tables;\n-- end;";

    assertThat(texts(script)).hasSameSizeAs(SqlParser.parseScript(script));
  }

  @Test
  void a_syntax_error_says_its_place_in_the_script() {
    Script script = Script.of("select 1;\n\nselect 2; selec 3;");
    Script.Piece wrong = script.statements().get(2);
    ShardstreamException inStatement =
        catchThrowableOfType(ShardstreamException.class, () -> SqlParser.parse(wrong.sql()));

    assertThat(inStatement).hasMessageStartingWith("Syntax error at line 1, column 2: ");
    assertThat(script.located(inStatement, wrong))
        .hasMessageStartingWith("Syntax error at line 3, column 11: ");
  }

  private static List<String> texts(String script) {
    return Script.of(script).statements().stream().map(Script.Piece::sql).toList();
  }
}
