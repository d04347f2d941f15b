package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sql}: executes statements, or opens a shell for them. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description =
        "Execute SQL: the statements given, a file, standard input, or what is typed in a shell."
            + " Ends at the first error with status 1.")
final class SqlCommand extends ClientCommand {
  private static final Path STANDARD_INPUT = Path.of("-");

  @Option(
      names = {"-e", "--execute"},
      paramLabel = "STMT",
      description = "Statements to execute, separated by ';'. May be given more than once.")
  private List<String> statements = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Script to execute after them; - for standard input.")
  private @Nullable Path file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "TABLE",
      description =
          "table, json (one object a statement: {\"columns\": [...], \"rows\": [[...]]}) or csv."
              + " Default: table.")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description = "SUBSCRIBE ends after so many rows and changes. Default: never.")
  private @Nullable Long maxRows;

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      description = "SUBSCRIBE ends after that time. Default: at Ctrl-C.")
  private @Nullable Long seconds;

  @Spec private @Nullable CommandSpec spec;

  @Override
  int run() {
    requireAtLeastOne("--max-rows", maxRows);
    requireAtLeastOne("--for", seconds);
    List<String> scripts = new ArrayList<>(statements);
    if (file != null) {
      scripts.add(read(file));
    }
    boolean isShell = scripts.isEmpty() && Terminals.isInput();
    if (scripts.isEmpty() && !isShell) {
      scripts.add(read(STANDARD_INPUT));
    }
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      // At Ctrl-C the cluster hears of the end of a live query before the process ends.
      Runtime.getRuntime().addShutdownHook(new Thread(shardstream::close, "shardstream-exit"));
      if (isShell) {
        new Shell(shardstream, this::runnerTo, this::report).run();
      } else {
        ScriptRunner runner = runnerTo(shardstream, out(), stop -> () -> {});
        scripts.forEach(runner::run);
      }
    }
    return OK;
  }

  private void requireAtLeastOne(String option, @Nullable Long value) {
    if (value != null && value < 1) {
      throw new ParameterException(
          Objects.requireNonNull(spec, "the command runs without its command line").commandLine(),
          option + " is at least 1, and was " + value);
    }
  }

  private static String read(Path source) {
    try {
      return source.equals(STANDARD_INPUT)
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(source);
    } catch (IOException e) {
      throw new ShardstreamException(ErrorCode.FILE_ERROR, source, "cannot be read").causedBy(e);
    }
  }

  private ScriptRunner runnerTo(Shardstream shardstream, PrintWriter writer, Stops stops) {
    LiveFollow.Limits never = LiveFollow.Limits.NONE;
    LiveFollow.Limits limits =
        new LiveFollow.Limits(
            maxRows == null ? never.mostRows() : maxRows,
            seconds == null ? never.longest() : Duration.ofSeconds(seconds));
    return new ScriptRunner(
        shardstream::execute,
        new LiveFollow(shardstream, format, writer, limits, stops),
        format,
        writer);
  }
}
