package dev.shardstream.producer.cli;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Every error of every command, a wrong command line too, ends as one line, {@code ERROR <CODE>:
 * message}, and exit status 1.
 */
final class ErrorLine implements IExecutionExceptionHandler, IParameterExceptionHandler {
  static final int FAILED = 1;

  private static final Logger LOG = LoggerFactory.getLogger(ErrorLine.class);

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine command, ParseResult parsed) {
    print(command, exception);
    return FAILED;
  }

  @Override
  public int handleParseException(ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    print(command, ErrorCode.INVALID_ARGUMENT, exception.getMessage());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    command.getErr().flush();
    return FAILED;
  }

  /** Prints one line about an error; the log has where it came from. */
  static void print(CommandLine command, Throwable error) {
    LOG.error("event=command_failed command={}", command.getCommandName(), error);
    if (error instanceof ShardstreamException known) {
      print(command, known.code(), known.getMessage());
    } else {
      print(command, ErrorCode.INTERNAL, error + " (SHARDSTREAM_LOG_LEVEL=ERROR shows where)");
    }
  }

  private static void print(CommandLine command, ErrorCode code, String message) {
    PrintWriter err = command.getErr();
    err.println("ERROR " + code + ": " + message);
    err.flush();
  }
}
