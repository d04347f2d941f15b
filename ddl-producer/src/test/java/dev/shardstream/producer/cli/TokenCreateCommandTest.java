package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.Token;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenCreateCommandTest {
  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = ShardstreamCli.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  @Test
  void a_token_goes_into_its_owners_file_and_its_line_is_printed() throws Exception {
    Path file = directory.resolve("app.token");
    assertThat(run("token", "create", "app", "write", "--token-file", file.toString()))
        .as(err.toString())
        .isZero();
    String token = Files.readString(file).strip();
    assertThat(token).matches("shs_[A-Za-z0-9_-]{43}");
    assertThat(out.toString().lines())
        .containsExactly(Token.line(new Principal("app", Role.WRITE), token));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_token_that_is_there_is_not_overwritten() throws Exception {
    Path file = Files.writeString(directory.resolve("app.token"), "shs_in-use");
    assertThat(run("token", "create", "app", "READ", "--token-file", file.toString())).isOne();
    assertThat(err).hasToString("ERROR FILE_ERROR: " + file + ": cannot be made\n");
    assertThat(file).hasContent("shs_in-use");
  }

  @Test
  void a_name_that_no_file_of_principals_can_have_is_refused() {
    Path file = directory.resolve("app.token");
    assertThat(run("token", "create", "a b", "READ", "--token-file", file.toString())).isOne();
    assertThat(err)
        .hasToString(
            "ERROR INVALID_ARGUMENT: Invalid argument: a name has letters, digits, '.', '_' and"
                + " '-', at most 100\n");
    assertThat(file).doesNotExist();
  }
}
