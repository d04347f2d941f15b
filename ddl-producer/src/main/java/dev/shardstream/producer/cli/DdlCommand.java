package dev.shardstream.producer.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ddl}: DDL events as JSON. */
@Command(
    name = "ddl",
    mixinStandardHelpOptions = true,
    description = "Publish DDL events from JSON, and see what became of them.",
    subcommands = {DdlPublishCommand.class, DdlResultsCommand.class})
final class DdlCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec, "the command runs without its command line");
    throw new ParameterException(own.commandLine(), "ddl needs a command: publish or results");
  }
}
