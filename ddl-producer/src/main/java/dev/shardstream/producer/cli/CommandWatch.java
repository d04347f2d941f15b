package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.CommandReceipt;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Shows a command that goes on: a line for each transition that has something new to say. */
final class CommandWatch {
  private final String commandId;
  private final PrintWriter out;
  private String said;
  private @Nullable DdlResult end;

  private CommandWatch(CommandReceipt receipt, PrintWriter out) {
    this.commandId = receipt.commandId();
    this.out = out;
    this.said = line(receipt);
  }

  /** What a command has begun, as a line. */
  static String line(CommandReceipt receipt) {
    return line(receipt.commandId(), receipt.status(), receipt.message());
  }

  private static String line(String id, String status, @Nullable String message) {
    return "Command " + id + " is " + status + (message == null ? "" : ": " + message);
  }

  /**
   * Follows a command to its end.
   *
   * @param results hands over all results, those that come too, until it is told that it is enough
   * @throws ShardstreamException its rejection
   */
  static void follow(
      CommandReceipt receipt, Consumer<Predicate<DdlResult>> results, PrintWriter out) {
    CommandWatch watch = new CommandWatch(receipt, out);
    results.accept(watch::see);
    watch.requireApplied();
  }

  /** Whether there is more to come. */
  private boolean see(DdlResult result) {
    if (!result.getCommandId().equals(commandId)) {
      return true;
    }
    switch (result.getStatus()) {
      case ACCEPTED -> say(result);
      case APPLIED -> {
        say(result);
        end = result;
      }
      case REJECTED -> end = result;
      case PENDING -> {
        // It was before the receipt.
      }
    }
    return end == null;
  }

  private void say(DdlResult result) {
    String status = result.getStatus().name().toLowerCase(Locale.ROOT);
    String line = line(commandId, status, result.getMessage());
    if (!line.equals(said)) {
      said = line;
      out.println(line);
      out.flush();
    }
  }

  private void requireApplied() {
    DdlResult last = end;
    if (last == null) {
      throw new IllegalStateException("The results of " + commandId + " ended before it did");
    }
    String code = last.getCode();
    String message = last.getMessage();
    if (last.getStatus() == DdlStatus.REJECTED) {
      throw ShardstreamException.reported(
          code == null ? ErrorCode.INTERNAL.name() : code,
          message == null ? "Command '" + commandId + "' was rejected" : message);
    }
  }
}
