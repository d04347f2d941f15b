package dev.shardstream.systemtests.commandline;

import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.TestPaths;
import dev.shardstream.systemtests.process.ProgramRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs what {@code ./shardstream} runs once everything is built.
 *
 * @param directory where commands run and leave their files
 * @param dataDirectory of the cluster
 */
record CommandLine(Path directory, Path dataDirectory) {
  private static final String MAIN = "dev.shardstream.standalone.StandaloneMain";

  /** Runs one command to its end. */
  ProgramRun run(String... arguments) {
    return runWithInput("", arguments);
  }

  /** Runs one command that reads standard input. */
  ProgramRun runWithInput(String input, String... arguments) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path home = TestPaths.installation();
    List<String> command =
        new ArrayList<>(
            List.of(
                java.toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dfile.encoding=UTF-8",
                "--enable-native-access=ALL-UNNAMED",
                "-Dshardstream.home=" + home,
                "-Dlogback.configurationFile=dev/shardstream/standalone/cli-logback.xml",
                "-cp",
                home.resolve("lib").resolve("*").toString(),
                MAIN));
    command.addAll(List.of(arguments));
    Map<String, String> environment =
        Map.of("SHARDSTREAM_DATA_DIR", dataDirectory.toString(), "LC_ALL", "C.UTF-8");
    return ProgramRun.of(command, directory, environment, input, Patience.MANY_STEPS);
  }
}
