package dev.shardstream.producer.cli;

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
  @Spec private @Nullable CommandSpec spec;

  ShardstreamCli() {}

  /** Runs one command and ends the JVM with its status: 0, or 1 after an error. */
  public static void main(String[] arguments) {
    CommandLog.configure(arguments);
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
