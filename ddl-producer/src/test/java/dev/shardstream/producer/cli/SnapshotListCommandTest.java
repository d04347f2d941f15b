package dev.shardstream.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.snapshot.SnapshotInfo;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SnapshotListCommandTest {
  @TempDir private Path directory;

  @Test
  void what_cannot_be_read_is_listed_with_the_reason() {
    assertThat(
            SnapshotListCommand.rows(
                List.of(
                    new SnapshotInfo("a", "shop", "users", 3, 1_000, 7, 4_096, 256, null),
                    new SnapshotInfo("b", "", "", 0, 0, 0, 0, 0, "it is damaged"))))
        .isEqualTo(
            List.of(
                Arrays.asList("a", "shop.users", 3, "1970-01-01T00:00:01Z", 7L, 4_096L, 256, null),
                Arrays.asList("b", null, null, null, null, null, null, "it is damaged")));
  }

  @Test
  void a_list_needs_no_cluster() throws Exception {
    Files.createDirectories(directory.resolve("unfinished"));
    StringWriter out = new StringWriter();
    CommandLine commandLine = ShardstreamCli.commandLine();
    commandLine.setOut(new PrintWriter(out));

    assertThat(commandLine.execute("snapshot", "list", "--json", "--from", directory.toString()))
        .isZero();

    assertThat(out)
        .hasToString(
            "{\"columns\":[\"name\",\"table\",\"schema_version\",\"taken_at\",\"rows\",\"bytes\","
                + "\"files\",\"problem\"],\"rows\":[]}\n");
  }

  @Test
  void a_place_that_is_no_directory_is_refused() {
    StringWriter err = new StringWriter();
    CommandLine commandLine = ShardstreamCli.commandLine();
    commandLine.setErr(new PrintWriter(err));

    assertThat(commandLine.execute("snapshot", "list", "--from", "gs://bucket/kept")).isEqualTo(1);

    assertThat(err)
        .hasToString(
            "ERROR INVALID_ARGUMENT: Invalid argument: snapshots are kept in a directory or at"
                + " s3://bucket/prefix, not at gs://bucket/kept\n");
  }
}
