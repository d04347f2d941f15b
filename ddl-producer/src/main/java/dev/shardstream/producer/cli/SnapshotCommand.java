package dev.shardstream.producer.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code snapshot}: tables in a store outside of the cluster. */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    description = "Keep tables in a directory outside of the cluster, and get them back.",
    subcommands = {
      SnapshotCreateCommand.class,
      SnapshotListCommand.class,
      SnapshotDeleteCommand.class
    })
final class SnapshotCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec, "the command runs without its command line");
    throw new ParameterException(
        own.commandLine(),
        "snapshot needs a command: " + String.join(", ", own.subcommands().keySet()));
  }
}
