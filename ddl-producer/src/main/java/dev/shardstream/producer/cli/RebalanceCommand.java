package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.CommandReceipt;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableOperations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rebalance}: spreads shards evenly over the nodes. */
@Command(
    name = "rebalance",
    mixinStandardHelpOptions = true,
    description = "Spread the shards of a table, or of all, evenly over the nodes, by few moves.")
final class RebalanceCommand extends ClientCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "T",
      description = "The table. Default: all of the database.")
  private @Nullable String table;

  @Option(names = "--dry-run", description = "Only print the moves that it would make.")
  private boolean dryRun;

  @Mixin private final WatchOption watch = new WatchOption();

  @Override
  int run() {
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      TableOperations tables = shardstream.tables();
      if (dryRun) {
        out().println(tables.planRebalance(table));
        return OK;
      }
      CommandReceipt begun = table == null ? tables.rebalance() : tables.rebalance(table);
      watch.follow(shardstream, begun, out());
    }
    return OK;
  }
}
