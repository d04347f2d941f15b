package dev.shardstream.systemtests.interop;

import dev.shardstream.systemtests.cluster.Directories;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.TestPaths;
import dev.shardstream.systemtests.process.ProgramRun;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The producer in {@code src/test/node}, installed below {@code target} and ready to run. */
final class NodeProducer {
  private final Path directory;

  private NodeProducer(Path directory) {
    this.directory = directory;
  }

  /** Whether the machine has what the producer needs. */
  static boolean canRun() {
    return onPath("node") && onPath("npm");
  }

  private static boolean onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** Copies the sources out of the source tree and installs exactly the locked packages. */
  static NodeProducer install() {
    Path directory = Directories.fresh(TestPaths.directory("node-producer"));
    copy(TestPaths.source("node"), directory);
    ProgramRun.of(
            List.of("npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"),
            directory,
            Map.of(),
            "",
            Patience.ONE_STEP)
        .succeeded();
    return new NodeProducer(directory);
  }

  /**
   * @param input its standard input
   */
  ProgramRun run(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", "producer.js"));
    command.addAll(List.of(arguments));
    return ProgramRun.of(command, directory, Map.of(), input, Patience.ONE_STEP);
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + from, e);
    }
  }
}
