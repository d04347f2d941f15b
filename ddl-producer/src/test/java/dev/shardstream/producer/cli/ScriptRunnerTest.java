package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptRunnerTest {
  private final StringWriter out = new StringWriter();
  private final List<String> executed = new ArrayList<>();

  @Test
  void each_statement_answers_one_json_object_in_a_line() {
    runner(OutputFormat.JSON).run("select 1; insert into t values (';');");

    assertThat(executed).containsExactly("select 1", " insert into t values (';')");
    assertThat(out.toString())
        .isEqualTo("{\"columns\":[\"n\"],\"rows\":[[1]]}\n{\"columns\":[\"n\"],\"rows\":[[2]]}\n");
  }

  @Test
  void a_subscription_is_followed_and_not_executed() {
    runner(OutputFormat.CSV).run("select 1; subscribe to select a from t; select 2;");

    assertThat(executed).containsExactly("select 1", " select 2");
    assertThat(out.toString()).isEqualTo("n\n1\nfollowed: subscribe to select a from t\nn\n2\n");
  }

  @Test
  void the_first_error_ends_the_script_and_says_its_place() {
    assertThatThrownBy(() -> runner(OutputFormat.CSV).run("select 1;\nselec 2;\nselect 3;"))
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX))
        .hasMessageStartingWith("Syntax error at line 2, column 1: ");
    assertThat(executed).containsExactly("select 1");
    assertThat(out.toString()).isEqualTo("n\n1\n");
  }

  @Test
  void a_shell_waits_for_the_semicolon_but_not_for_its_own_words() {
    assertThat(Shell.isComplete("select 1")).isFalse();
    assertThat(Shell.isComplete("select ';\n")).isFalse();
    assertThat(Shell.isComplete("select 1;")).isTrue();
    assertThat(Shell.isComplete("exit")).isTrue();
    assertThat(Shell.isComplete(" QUIT ; ")).isTrue();
    assertThat(Shell.isComplete("")).isTrue();
  }

  private ScriptRunner runner(OutputFormat format) {
    return new ScriptRunner(
        sql -> {
          SqlParser.parse(sql);
          executed.add(sql);
          return new Result(List.of("n"), List.of(List.of((long) executed.size())), -1);
        },
        sql -> out.write("followed:" + sql + "\n"),
        format,
        new PrintWriter(out));
  }
}
