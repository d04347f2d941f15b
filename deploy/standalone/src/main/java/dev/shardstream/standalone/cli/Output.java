package dev.shardstream.standalone.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command prints. */
final class Output {
  private Output() {}

  /** The output of a command that picocli has filled in. */
  static PrintWriter of(@Nullable CommandSpec spec) {
    return Objects.requireNonNull(spec, "the command runs without its command line")
        .commandLine()
        .getOut();
  }
}
