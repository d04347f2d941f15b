package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.CommandReceipt;
import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableOperations;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --watch} of the commands that begin something that goes on. */
final class WatchOption {
  @Option(
      names = {"-w", "--watch"},
      description = "Show how far it is until it ends. Leaving with Ctrl-C does not stop it.")
  private boolean watch;

  /**
   * Follows a reshard to its end, if that is wished for.
   *
   * @throws ShardstreamException RESHARD_FAILED when it did not succeed
   */
  void follow(Shardstream shardstream, ReshardInfo queued, PrintWriter out) {
    out.flush();
    if (watch) {
      followToEnd(shardstream, queued, out);
    }
  }

  static void followToEnd(Shardstream shardstream, ReshardInfo queued, PrintWriter out) {
    ReshardWatch.of(queued, rows(shardstream.tables(), queued.tableName()), System.err, out)
        .follow(interval -> shardstream.reshards().await(queued.changeLogId(), interval));
  }

  /** Rows to copy, as the last heartbeats have it. */
  private static long rows(TableOperations tables, String table) {
    return tables.getStats(table).stream()
        .filter(shard -> shard.status().equals("active") && shard.rows() != null)
        .mapToLong(shard -> shard.rows())
        .sum();
  }

  /**
   * Says what a command has begun, and follows it to its end if that is wished for: each transition
   * that has something to say is a line.
   *
   * @throws ShardstreamException its rejection
   */
  void follow(Shardstream shardstream, CommandReceipt receipt, PrintWriter out) {
    out.println(line(receipt.commandId(), receipt.status(), receipt.message()));
    out.flush();
    if (!watch || receipt.status().equals("applied")) {
      return;
    }
    Optional<ReshardInfo> reshard =
        Optional.ofNullable(receipt.changeLogId()).flatMap(id -> shardstream.reshards().find(id));
    if (reshard.isPresent()) {
      followToEnd(shardstream, reshard.get(), out);
    } else {
      Transitions transitions = new Transitions(receipt, out);
      shardstream.ddl().results(true, transitions::see);
      transitions.requireApplied();
    }
  }

  private static String line(String commandId, String status, @Nullable String message) {
    return "Command " + commandId + " is " + status + (message == null ? "" : ": " + message);
  }

  /** What becomes of one command. */
  private static final class Transitions {
    private final CommandReceipt receipt;
    private final PrintWriter out;
    private String said;
    private @Nullable DdlResult last;

    private Transitions(CommandReceipt receipt, PrintWriter out) {
      this.receipt = receipt;
      this.out = out;
      this.said = line(receipt.commandId(), receipt.status(), receipt.message());
    }

    /** Whether there is more to come. */
    private boolean see(DdlResult result) {
      if (!result.getCommandId().equals(receipt.commandId())) {
        return true;
      }
      last = result;
      boolean ended =
          result.getStatus() == DdlStatus.APPLIED || result.getStatus() == DdlStatus.REJECTED;
      String line =
          line(
              result.getCommandId(),
              result.getStatus().name().toLowerCase(Locale.ROOT),
              result.getMessage());
      if (result.getStatus() != DdlStatus.PENDING
          && result.getStatus() != DdlStatus.REJECTED
          && !line.equals(said)) {
        said = line;
        out.println(line);
        out.flush();
      }
      return !ended;
    }

    private void requireApplied() {
      DdlResult end = Objects.requireNonNull(last, "the command has no result");
      if (end.getStatus() == DdlStatus.REJECTED) {
        throw ShardstreamException.reported(
            Objects.requireNonNullElse(end.getCode(), "INTERNAL"),
            Objects.requireNonNullElse(end.getMessage(), "it was rejected"));
      }
    }
  }
}
