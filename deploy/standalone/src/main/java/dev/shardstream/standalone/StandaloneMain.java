package dev.shardstream.standalone;

import dev.shardstream.producer.cli.ClientCommands;
import dev.shardstream.producer.cli.CommandLog;
import dev.shardstream.standalone.cli.DownCommand;
import dev.shardstream.standalone.cli.StatusCommand;
import dev.shardstream.standalone.cli.UpCommand;
import dev.shardstream.standalone.demo.DemoCommand;
import dev.shardstream.standalone.replay.ReplayDdlCommand;
import dev.shardstream.standalone.snapshot.SnapshotRestoreCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the launcher: all commands, of this module and of the client. */
@Command(
    name = "shardstream",
    mixinStandardHelpOptions = true,
    version = "shardstream 0.1.0",
    description = "Sharded SQL tables over SQLite, with Kafka as the only source of truth.")
public final class StandaloneMain implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  StandaloneMain() {}

  /** Runs one command and ends the JVM with its status: 0, or 1 after an error. */
  public static void main(String[] arguments) {
    CommandLog.configure(arguments);
    System.exit(commandLine().execute(arguments));
  }

  /** The whole command tree; the one place where commands are listed. */
  static CommandLine commandLine() {
    CommandLine root = new CommandLine(new StandaloneMain());
    commands().forEach(root::addSubcommand);
    // Restoring is done here, because it applies a log as a worker does, and the client knows none.
    return ClientCommands.addTo(root, List.of(new SnapshotRestoreCommand()));
  }

  private static List<Object> commands() {
    return List.of(
        new UpCommand(),
        new DownCommand(),
        new StatusCommand(),
        new DemoCommand(),
        new ReplayDdlCommand(),
        new HelpCommand());
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
