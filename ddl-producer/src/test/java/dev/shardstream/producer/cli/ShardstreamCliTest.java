package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ShardstreamCliTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sql --no-such-option | Unknown option: '--no-such-option' | shardstream sql",
        "import f.csv | Missing required option: '--table=T' | shardstream import",
        "reshard t many | Invalid value for positional parameter at index 1 (N): 'many' is not an"
            + " int | shardstream reshard start",
        "export t --delimiter ab | --delimiter must be one character, not 'ab' | shardstream"
            + " export",
        "sql --format xml | Invalid value for option '--format': expected one of [TABLE, JSON, CSV]"
            + " (case-insensitive) but was 'xml' | shardstream sql",
        "reshard pause | Missing required parameter: 'ID' | shardstream reshard pause",
        "reshard start pause | Missing required parameter: 'N' | shardstream reshard start",
        "reshard throttle r1 fast | Invalid value for positional parameter at index 1"
            + " (ROWS_PER_SECOND): 'fast' is not a long | shardstream reshard throttle",
        "reshard | reshard needs a table and a number of shards, or a command: start, pause,"
            + " resume, switch, cancel, rollback, complete, retry, throttle, show, list |"
            + " shardstream reshard",
        "node | node needs a command: list, drain or undrain | shardstream node",
        "verify | Missing required parameter: 'T' | shardstream verify",
        "move t 1 | Missing required parameter: 'NODE' | shardstream move",
        "ddl | ddl needs a command: publish or results | shardstream ddl",
        "snapshot create --to p | say which tables, or --all | shardstream snapshot create",
        "snapshot create t --all --to p | say which tables, or --all | shardstream snapshot create",
        "snapshot create a b --to p --name n | --name is for a single table | shardstream snapshot"
            + " create",
        "snapshot create t --to p --keep 0 | --keep is at least 1, and was 0 | shardstream snapshot"
            + " create",
        "sql -e x --max-rows 0 | --max-rows is at least 1, and was 0 | shardstream sql",
        "sql -e x --max-rows=-1 | --max-rows is at least 1, and was -1 | shardstream sql",
        "sql -e x --for 0 | --for is at least 1, and was 0 | shardstream sql",
        "sql -e x --for=-5 | --for is at least 1, and was -5 | shardstream sql",
        "lag a b | Unmatched argument at index 2: 'b' | shardstream lag"
      })
  void a_wrong_command_line_is_an_error_with_status_1(String line, String message, String command) {
    assertThat(run(line.split(" ")))
        .isEqualTo(
            new Outcome(
                1, "", "ERROR INVALID_ARGUMENT: " + message + "\nTry '" + command + " --help'.\n"));
  }

  @Test
  void a_file_that_is_not_there_is_an_error_with_status_1() {
    String file = directory.resolve("none.csv").toString();

    assertThat(run("import", file, "--table", "t", "--data-dir", directory.toString()))
        .isEqualTo(new Outcome(1, "", "ERROR FILE_ERROR: " + file + ": cannot be read\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sql -e SHOW_TABLES",
        "reshard users 8",
        "reshard --watch users 8",
        "reshard start pause 8 --watch",
        "reshard users 8 --dry-run --rows-per-second 5 --grace 3 --manual-cutover --repair"
            + " --format csv",
        "reshard pause r1",
        "reshard resume r1",
        "reshard switch r1",
        "reshard cancel r1",
        "reshard rollback r1",
        "reshard complete r1",
        "reshard retry r1 --watch",
        "reshard throttle r1 5 --for 3",
        "reshard list default-r%",
        "reshard list",
        "reshard show r1 --format json",
        "node list",
        "node drain n1 --watch",
        "node undrain n1",
        "move users 1 n1 --watch",
        "rebalance",
        "rebalance users --watch",
        "rebalance users --dry-run",
        "verify users",
        "verify users --against-log",
        "recover",
        "retention users --from /nowhere --dry-run",
        "snapshot create --all --to /nowhere --keep 3 --cut-log",
        "snapshot delete /nowhere/one",
        "lag",
        "lag users --watch --json",
        "top"
      })
  void a_cluster_that_is_not_there_is_an_error_with_status_1(String line) {
    assertThat(run((line + " --data-dir " + directory).split(" ")))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "ERROR NOT_RUNNING: No Shardstream is running from "
                    + directory
                    + ": start it with 'up'\n"));
  }

  @Test
  void the_help_of_a_command_says_what_it_takes() {
    assertThat(run("reshard", "list", "--help").out())
        .startsWith("Usage: shardstream reshard list [-hV] ")
        .contains("[PATTERN]", "Only ids like this: % is any text, _ any character.");
    assertThat(run("reshard", "--help").out())
        .contains("'reshard start T N'")
        .contains("start", "pause", "throttle", "retry", "show", "list");
    assertThat(run("reshard", "throttle", "--help").out())
        .containsPattern(" ID\\s+ROWS_PER_SECOND");
    assertThat(run("node", "drain", "--help").out()).contains("--watch", " NODE");
    assertThat(run("verify", "-h").status()).isZero();
  }

  private static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        ShardstreamCli.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int status = command.execute(arguments);
    return new Outcome(status, normal(out), normal(err));
  }

  private static String normal(StringWriter text) {
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private record Outcome(int status, String out, String err) {}
}
