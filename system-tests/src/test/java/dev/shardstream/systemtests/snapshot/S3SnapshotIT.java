package dev.shardstream.systemtests.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.commandline.CommandLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A table is kept in a store that speaks S3, and had again. */
class S3SnapshotIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final String PLACE = "s3://" + S3Server.BUCKET + "/nightly";

  @TempDir private Path directory;

  @Test
  void a_table_is_kept_and_had_again_by_the_command_line() throws IOException {
    CLUSTER.client().execute("CREATE TABLE afar (id BIGINT PRIMARY KEY, name TEXT)");
    CLUSTER.client().execute("INSERT INTO afar VALUES (1, 'one'), (2, 'two')");
    try (S3Server server = S3Server.start(directory.resolve("store"))) {
      CommandLine shardstream =
          new CommandLine(directory, CLUSTER.cluster().directory().root(), server.environment());

      assertThat(
              shardstream
                  .run("snapshot", "create", "afar", "--to", PLACE, "--name", "one")
                  .succeeded()
                  .out())
          .startsWith("snapshot one of table 'afar' at " + PLACE + ": 2 rows, ");
      assertThat(shardstream.run("snapshot", "list", "--from", PLACE, "--json").succeeded().out())
          .contains("\"default.afar\"");
      shardstream.run("snapshot", "restore", PLACE + "/one", "--into", "afar_again").succeeded();
    }
    assertThat(CLUSTER.client().execute("SELECT * FROM afar_again ORDER BY id").rows())
        .isEqualTo(List.of(List.of(1L, "one"), List.of(2L, "two")));
    CLUSTER.client().execute("DROP TABLE afar");
    CLUSTER.client().execute("DROP TABLE afar_again");
  }
}
