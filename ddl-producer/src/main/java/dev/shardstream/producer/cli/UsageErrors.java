package dev.shardstream.producer.cli;

import dev.shardstream.schemas.contract.ErrorCode;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** A wrong command line is an error like others, with status 2. */
final class UsageErrors implements IParameterExceptionHandler {
  private static final int USAGE = 2;

  @Override
  public int handleParseException(ParameterException exception, String[] arguments) {
    CommandLine command = exception.getCommandLine();
    command.getErr().println("ERROR " + ErrorCode.INVALID_ARGUMENT + ": " + exception.getMessage());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    command.getErr().flush();
    return USAGE;
  }
}
