package dev.shardstream.producer.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The client's command line alone, for machines that only use a cluster. */
@Command(
    name = "shardstream",
    mixinStandardHelpOptions = true,
    version = "shardstream 0.1.0",
    description = "Sharded SQL tables over SQLite, with Kafka as the only source of truth.")
public final class ShardstreamCli implements Runnable {
  private static final String LOG_CONFIG = "logback.configurationFile";
  private static final String LOG_LEVEL = "SHARDSTREAM_LOG_LEVEL";
  private static final String QUIET = "dev/shardstream/producer/cli/logback-cli.xml";

  @Spec private @Nullable CommandSpec spec;

  ShardstreamCli() {}

  /** Runs one command and ends the JVM with its status: 0, or 1 after an error. */
  public static void main(String[] arguments) {
    if (System.getProperty(LOG_CONFIG) == null) {
      // Before the first logger: a command speaks through its output, not through a log.
      System.setProperty(LOG_CONFIG, QUIET);
    }
    if (List.of(arguments).contains(ServeCommand.NAME) && System.getenv(LOG_LEVEL) == null) {
      // But for this one, which has nobody who reads its output.
      System.setProperty(LOG_LEVEL, "WARN");
    }
    System.exit(commandLine().execute(arguments));
  }

  /** The whole command tree. */
  static CommandLine commandLine() {
    return ClientCommands.addTo(
        new CommandLine(new ShardstreamCli()).addSubcommand(new HelpCommand()));
  }

  @Override
  public void run() {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("the root command runs without its command line");
    }
    own.commandLine().usage(own.commandLine().getErr());
    throw new ParameterException(own.commandLine(), "A command is missing");
  }
}
