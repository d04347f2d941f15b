package dev.shardstream.producer.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What every command has: the cluster it speaks to, where it prints, and one form of errors, that
 * of {@link ErrorLine}.
 *
 * <p>Exit status 0 when all went well, 1 after an error.
 */
abstract class ClientCommand implements Callable<Integer> {
  static final int OK = 0;
  static final int FAILED = ErrorLine.FAILED;

  @Mixin private final ClientOptions client = new ClientOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public final Integer call() {
    try {
      return run();
    } catch (ParameterException usage) {
      throw usage;
    } catch (RuntimeException | Error e) {
      // The outermost boundary: a bug is one line too, and --debug shows the rest.
      report(e);
      return FAILED;
    } finally {
      out().flush();
    }
  }

  /** Does it; returns the exit status. */
  abstract int run();

  /** Settings of the cluster that the options name. */
  final Map<String, String> settings() {
    return client.settings();
  }

  final PrintWriter out() {
    return commandLine().getOut();
  }

  final PrintWriter err() {
    return commandLine().getErr();
  }

  /** Prints one line about an error; with --debug also where it came from. */
  final void report(Throwable error) {
    out().flush();
    ErrorLine.print(commandLine(), error);
    if (client.isDebug()) {
      error.printStackTrace(err());
      err().flush();
    }
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "the command runs without its command line").commandLine();
  }
}
