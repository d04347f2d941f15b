package dev.shardstream.producer.cli;

import java.util.Objects;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code reshard}: gives a table another number of shards, and steers how it goes. */
@Command(
    name = "reshard",
    mixinStandardHelpOptions = true,
    description =
        "Give a table another number of shards, and steer how it goes: 'reshard T N' is 'reshard"
            + " start T N'.",
    subcommands = {
      ReshardStartCommand.class,
      ReshardControlCommand.Pause.class,
      ReshardControlCommand.Resume.class,
      ReshardControlCommand.Switch.class,
      ReshardControlCommand.Cancel.class,
      ReshardControlCommand.Rollback.class,
      ReshardControlCommand.Complete.class,
      ReshardRetryCommand.class,
      ReshardThrottleCommand.class,
      ReportCommand.ShowReshard.class,
      ReportCommand.ListReshards.class
    },
    preprocessor = ReshardCommand.Start.class)
final class ReshardCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec, "the command runs without its command line");
    throw new ParameterException(
        own.commandLine(),
        "reshard needs a table and a number of shards, or a command: "
            + String.join(", ", own.subcommands().keySet()));
  }

  /** Takes anything but a command as the table of {@code start}. */
  static final class Start implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> arguments,
        CommandSpec command,
        @Nullable ArgSpec argument,
        java.util.Map<String, Object> info) {
      if (!arguments.isEmpty() && !isOwn(arguments.peek(), command)) {
        arguments.push("start");
      }
      return false;
    }

    private static boolean isOwn(String word, CommandSpec command) {
      return command.subcommands().containsKey(word) || command.optionsMap().containsKey(word);
    }
  }
}
