package dev.shardstream.producer.cli;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What every command has: the cluster it speaks to, where it prints, and one form of errors, {@code
 * ERROR <CODE>: message}, without a stack trace.
 *
 * <p>Exit status 0 when all went well, 1 after an error, 2 when the command line is wrong.
 */
abstract class ClientCommand implements Callable<Integer> {
  static final int OK = 0;
  static final int FAILED = 1;

  private static final Logger LOG = LoggerFactory.getLogger(ClientCommand.class);

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
    LOG.error("event=command_failed command={}", commandLine().getCommandName(), error);
    out().flush();
    err().println(line(error));
    if (client.isDebug()) {
      error.printStackTrace(err());
    }
    err().flush();
  }

  /** An error of the command line: exit status 2. */
  final ParameterException usage(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "the command runs without its command line").commandLine();
  }

  private static String line(Throwable error) {
    if (error instanceof ShardstreamException known) {
      return "ERROR " + known.code() + ": " + known.getMessage();
    }
    return "ERROR "
        + ErrorCode.INTERNAL
        + ": "
        + error
        + " (run it again with --debug to see where)";
  }
}
