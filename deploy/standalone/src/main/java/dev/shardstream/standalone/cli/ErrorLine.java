package dev.shardstream.standalone.cli;

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

/** Every error of every command ends as one line, {@code ERROR <CODE>: message}, and status 1. */
public final class ErrorLine implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorLine.class);
  private static final int FAILED = 1;

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine command, ParseResult parsed) {
    LOG.error("event=command_failed command={}", command.getCommandName(), exception);
    if (exception instanceof ShardstreamException known) {
      print(command, known.code(), known.getMessage());
    } else {
      print(command, ErrorCode.INTERNAL, exception.toString());
    }
    return FAILED;
  }

  @Override
  public int handleParseException(ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    print(command, ErrorCode.INVALID_ARGUMENT, exception.getMessage());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return FAILED;
  }

  private static void print(CommandLine command, ErrorCode code, String message) {
    PrintWriter err = command.getErr();
    err.println("ERROR " + code + ": " + message);
    err.flush();
  }
}
