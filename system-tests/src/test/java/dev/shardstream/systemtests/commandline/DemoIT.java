package dev.shardstream.systemtests.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shardstream.systemtests.cluster.Directories;
import dev.shardstream.systemtests.cluster.TestPaths;
import dev.shardstream.systemtests.process.ProgramRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The demo, small: its report has every figure and finds nothing wrong. */
class DemoIT {
  private static final List<String> FIGURES =
      List.of(
          "rows",
          "sourceShards",
          "targetShards",
          "writesAcknowledged",
          "writesDuringReshard",
          "writesRejected",
          "lost",
          "duplicated",
          "differing",
          "readErrors",
          "readAnomalies",
          "maxAckGapMillis",
          "maxReadStalenessMillis",
          "copyRows",
          "copyRowsPerSecond",
          "replayedChanges",
          "digestsCompared",
          "verifyMismatches",
          "phases",
          "reshardMillis");

  @Test
  void the_demo_reshards_under_load_and_proves_that_nothing_was_lost() throws IOException {
    Path directory = Directories.fresh(TestPaths.directory("demo"));
    Path report = directory.resolve("report.json");
    CommandLine shardstream = new CommandLine(directory, directory.resolve("data"));

    ProgramRun run =
        shardstream.run(
            "demo", "--rows", "20000", "--from", "4", "--to", "8", "--report", report.toString());

    run.succeeded();
    JsonNode figures = new ObjectMapper().readTree(report.toFile());
    assertThat(names(figures)).containsAll(FIGURES);
    assertThat(
            Stream.of("lost", "duplicated", "differing", "readErrors", "readAnomalies")
                .collect(Collectors.toMap(name -> name, name -> figures.get(name).asLong())))
        .as(report.toString())
        .allSatisfy((name, count) -> assertThat(count).isZero());
    assertThat(
            List.of(
                figures.get("sourceShards").asInt(),
                figures.get("targetShards").asInt(),
                figures.get("digestsCompared").asInt(),
                figures.get("verifyMismatches").asInt()))
        .isEqualTo(List.of(4, 8, 256, 0));
    assertThat(figures.get("copyRows").asLong()).isGreaterThanOrEqualTo(10_000);
    assertThat(figures.get("writesDuringReshard").asLong()).isPositive();
    assertThat(names(figures.get("phases")))
        .containsExactly("queued", "copying", "replaying", "verifying", "switching", "complete");
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
