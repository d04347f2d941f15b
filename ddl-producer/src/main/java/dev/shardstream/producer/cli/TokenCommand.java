package dev.shardstream.producer.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code token}: tokens for HTTP. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Make tokens by which callers over HTTP are known.",
    subcommands = TokenCreateCommand.class)
final class TokenCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec, "the command runs without its command line");
    throw new ParameterException(own.commandLine(), "token needs a command: create");
  }
}
