package dev.shardstream.systemtests.commandline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.standalone.cluster.Cluster;
import dev.shardstream.standalone.cluster.StopListener;
import dev.shardstream.systemtests.cluster.Directories;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.TestPaths;
import dev.shardstream.systemtests.process.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A day with the command line: up, create, import, reshard, export, down, up again. */
class CommandLineIT {
  private static final Path AIRPORTS = TestPaths.source("data/airports.csv");

  private Path directory;
  private CommandLine shardstream;

  @BeforeEach
  void start_in_an_empty_directory() {
    directory = Directories.fresh(TestPaths.directory("command-line"));
    shardstream = new CommandLine(directory, directory.resolve("data"));
  }

  @AfterEach
  void leave_nothing_running() {
    if (Files.exists(shardstream.dataDirectory().resolve("cluster.properties"))) {
      Cluster.stop(shardstream.dataDirectory(), StopListener.SILENT);
    }
  }

  @Test
  void what_was_imported_is_exported_after_a_reshard_and_after_a_restart() throws IOException {
    shardstream.run("up", "--nodes", "2").succeeded();
    importAirports();
    assertThat(export("first.csv")).isEqualTo(Files.readAllLines(AIRPORTS));

    ProgramRun reshard = shardstream.run("reshard", "airports", "5", "--watch").succeeded();
    assertThat(reshard.out())
        .contains("table 'airports' from 2 to 5 shards is queued")
        .contains("complete");
    assertThat(export("resharded.csv")).isEqualTo(Files.readAllLines(AIRPORTS));
    answersInJson();
    refusesInWords();
    rejectsBadLines();
    followsARowAndReplaysTheCommands();

    shardstream.run("down").succeeded();
    assertThat(shardstream.run("sql", "-e", "SHOW TABLES").status()).isEqualTo(1);
    shardstream.run("up").succeeded();
    assertThat(shardstream.run("recover").succeeded().out())
        .contains("the control plane decides, after ")
        .contains(" tables are served, after ");
    assertThat(export("restarted.csv")).isEqualTo(Files.readAllLines(AIRPORTS));
    assertThat(sqlAsJson("SELECT id, name FROM people ORDER BY id"))
        .isEqualTo(
            "{\"columns\":[\"id\",\"name\"],\"rows\":[[1,\"Zürich 😀\"],[2,\"\"],[3,null]]}");
    assertThat(shardstream.run("status").succeeded().out()).contains("node-1", "node-2");
    shardstream.run("down").succeeded();
  }

  private void followsARowAndReplaysTheCommands() {
    ProgramRun followed =
        shardstream
            .run(
                "sql",
                "--format",
                "csv",
                "--max-rows",
                "1",
                "-e",
                "ALTER TABLE airports ADD COLUMN note TEXT DEFAULT 'two words'",
                "-e",
                "SUBSCRIBE TO SELECT iata, note FROM airports WHERE iata = 'DBN'")
            .succeeded();
    assertThat(followed.out()).contains("DBN,two words");
    await("the column is not followed any more, and dropped")
        .atMost(Patience.ONE_STEP)
        .untilAsserted(
            () ->
                shardstream.run("sql", "-e", "ALTER TABLE airports DROP COLUMN note").succeeded());

    ProgramRun replayed = shardstream.run("replay-ddl", "--from-topic", "--diff");
    assertThat(replayed.status()).as(replayed.out() + replayed.err()).isZero();
  }

  private void importAirports() throws IOException {
    shardstream
        .run(
            "sql",
            "-e",
            """
            CREATE TABLE airports (
              iata VARCHAR(4) PRIMARY KEY, name TEXT NOT NULL, city TEXT, state TEXT, country TEXT,
              latitude DOUBLE, longitude DOUBLE
            ) WITH (SHARDS=2)
            """)
        .succeeded();

    // A reject file lies beside the imported one, and the source tree stays as it is.
    Path file = Files.copy(AIRPORTS, directory.resolve("airports.csv"));
    ProgramRun run = shardstream.run("import", file.toString(), "--table", "airports");

    assertThat(run.succeeded().out()).startsWith("3376 rows imported into airports in ");
  }

  private List<String> export(String file) throws IOException {
    Path output = directory.resolve(file);
    shardstream
        .run("export", "airports", "--format", "csv", "--output", output.toString())
        .succeeded();
    return Files.readAllLines(output);
  }

  private void answersInJson() {
    ProgramRun run =
        shardstream
            .run(
                "sql",
                "--format",
                "json",
                "-e",
                "SELECT count(*) AS n, min(iata) AS first FROM airports",
                "-e",
                "SELECT name FROM airports WHERE iata = 'DBN'")
            .succeeded();

    assertThat(run.out().lines())
        .containsExactly(
            "{\"columns\":[\"n\",\"first\"],\"rows\":[[3376,\"00M\"]]}",
            "{\"columns\":[\"name\"],\"rows\":[[\"W. H. \\\"Bud\\\" Barron\"]]}");
  }

  private void refusesInWords() {
    ProgramRun unknown = shardstream.run("sql", "-e", "SELECT * FROM nowhere");
    ProgramRun second = shardstream.run("reshard", "airports", "257");

    assertThat(unknown)
        .isEqualTo(new ProgramRun(1, "", "ERROR TABLE_NOT_FOUND: Table 'nowhere' not found\n"));
    assertThat(second)
        .isEqualTo(
            new ProgramRun(
                1, "", "ERROR INVALID_SHARD_COUNT: Invalid shard count: 257 (must be 1 to 256)\n"));
  }

  private void rejectsBadLines() throws IOException {
    shardstream
        .runWithInput(
            "CREATE TABLE people (id INT PRIMARY KEY, name TEXT) WITH (SHARDS=2);\n", "sql")
        .succeeded();
    Path file = directory.resolve("people.csv");
    Files.writeString(
        file,
        """
        id,name
        1,Zürich 😀
        2,""
        3,
        x,"not a number"
        1,"again"
        """);

    ProgramRun run = shardstream.run("import", file.toString(), "--table", "people");

    assertThat(run.status()).isEqualTo(1);
    assertThat(Files.readAllLines(directory.resolve("people.rejects.csv")))
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).startsWith("5,TYPE,").contains("not a number"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("6,DUPLICATE_KEY,")
                    .contains("Duplicate key (1) in table 'people'"));
  }

  private String sqlAsJson(String statement) {
    return shardstream.run("sql", "--format", "json", "-e", statement).succeeded().out().strip();
  }
}
