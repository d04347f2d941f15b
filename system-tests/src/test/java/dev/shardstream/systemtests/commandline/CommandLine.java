package dev.shardstream.systemtests.commandline;

import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.TestPaths;
import dev.shardstream.systemtests.process.ProgramRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs what {@code ./shardstream} runs once everything is built.
 *
 * @param directory where commands run and leave their files
 * @param dataDirectory of the cluster
 * @param environment variables that commands have besides the build's own
 */
public record CommandLine(Path directory, Path dataDirectory, Map<String, String> environment) {
  private static final String MAIN = "dev.shardstream.standalone.StandaloneMain";

  /** With the build's own environment. */
  public CommandLine(Path directory, Path dataDirectory) {
    this(directory, dataDirectory, Map.of());
  }

  /** Runs one command to its end. */
  public ProgramRun run(String... arguments) {
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
                "-Dlogback.configurationFile=dev/shardstream/producer/cli/logback-cli.xml",
                "-cp",
                home.resolve("lib").resolve("*").toString(),
                MAIN));
    command.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(environment);
    all.put("SHARDSTREAM_DATA_DIR", dataDirectory.toString());
    all.put("LC_ALL", "C.UTF-8");
    return ProgramRun.of(command, directory, all, input, Patience.MANY_STEPS);
  }
}
