package dev.shardstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StandaloneMainTest {
  @TempDir private Path directory;

  @Test
  void status_and_down_of_a_directory_without_a_cluster_say_how_to_start_one() {
    String error =
        "ERROR NOT_RUNNING: No Shardstream is running from " + directory + ": start it with 'up'\n";

    assertThat(run("status", "--data-dir", directory.toString()))
        .isEqualTo(new Outcome(1, "", error));
    assertThat(run("down", "--data-dir", directory.toString()))
        .isEqualTo(new Outcome(1, "", error));
  }

  @Test
  void a_number_of_nodes_out_of_range_is_an_error_of_one_line() {
    assertThat(run("up", "--nodes", "0", "--data-dir", directory.toString()))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "ERROR INVALID_ARGUMENT: Invalid argument: number of nodes 0 (must be 1 to 16)\n"));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void a_wrong_command_line_is_an_error_with_status_1() {
    assertThat(run("up", "--no-such-option"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "ERROR INVALID_ARGUMENT: Unknown option: '--no-such-option'\n"
                    + "Try 'shardstream up --help'.\n"));
  }

  @Test
  void help_names_the_commands() {
    Outcome help = run("--help");

    assertThat(help.status()).isZero();
    assertThat(help.out())
        .contains(
            "up",
            "down",
            "status",
            "sql",
            "import",
            "export",
            "reshard",
            "move",
            "rebalance",
            "verify",
            "node",
            "ddl",
            "replay-ddl");
  }

  @Test
  void a_command_of_the_client_says_how_to_start_a_cluster() {
    assertThat(run("sql", "-e", "SHOW TABLES", "--data-dir", directory.toString()))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "ERROR NOT_RUNNING: No Shardstream is running from "
                    + directory
                    + ": start it with 'up'\n"));
  }

  @Test
  void a_file_of_events_is_replayed_without_a_cluster() throws IOException {
    Path events =
        Files.writeString(
            directory.resolve("events.json"),
            """
            {"id": "c1", "type": "CREATE_TABLE", "table": "users", "primaryKey": "id",
             "columns": [{"name": "id", "dataType": "BIGINT"}]}
            """);
    assertThat(run("replay-ddl", events.toString()))
        .isEqualTo(
            new Outcome(
                0,
                """
                table default/default-users-1 'users': version 1, 1 columns, 0 indexes
                replayed 1 commands: 1 tables, 0 namespaces
                """,
                ""));
    assertThat(run("replay-ddl", "--from-topic", events.toString()))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "ERROR INVALID_ARGUMENT: --from-topic and FILE exclude each other\n"
                    + "Try 'shardstream replay-ddl --help'.\n"));
    Path missing = directory.resolve("missing.json");
    assertThat(run("replay-ddl", missing.toString()))
        .isEqualTo(
            new Outcome(
                1, "", "ERROR FILE_ERROR: " + missing + ": cannot be read: " + missing + "\n"));
  }

  private static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        StandaloneMain.commandLine()
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
