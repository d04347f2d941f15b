package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.CommandReceipt;
import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableOperations;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.PrintWriter;
import java.util.Optional;
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
    ReshardWatch.of(queued, rows(shardstream.tables(), queued), System.err, out)
        .follow(interval -> shardstream.reshards().await(queued.changeLogId(), interval));
  }

  /** Rows to copy, as the last heartbeats have it; 0 if it is not the whole table. */
  private static long rows(TableOperations tables, ReshardInfo queued) {
    return !queued.purpose().equals("reshard")
        ? 0
        : tables.getStats(queued.tableName()).stream()
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
    out.println(CommandWatch.line(receipt));
    out.flush();
    if (!watch || receipt.status().equals("applied")) {
      return;
    }
    Optional<ReshardInfo> reshard =
        Optional.ofNullable(receipt.changeLogId()).flatMap(id -> shardstream.reshards().find(id));
    if (reshard.isPresent()) {
      followToEnd(shardstream, reshard.get(), out);
    } else {
      CommandWatch.follow(receipt, sink -> shardstream.ddl().results(true, sink), out);
    }
  }
}
