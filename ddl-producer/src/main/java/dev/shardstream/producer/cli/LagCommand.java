package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.ShardProgress;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableDescription;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lag}: how far each shard is behind its log. */
@Command(
    name = "lag",
    mixinStandardHelpOptions = true,
    description =
        "Show how far each shard is behind the log of its table, by the last heartbeats: in"
            + " offsets, and for how long it may have missed what was written.")
final class LagCommand extends ClientCommand {
  private static final Duration EVERY = Duration.ofSeconds(1);

  @Parameters(
      arity = "0..1",
      paramLabel = "T",
      description = "Only the shards of this table. Default: all tables of all namespaces.")
  private @Nullable String table;

  @Option(
      names = {"-w", "--watch"},
      description = "Show it again every second, until q or Ctrl-C.")
  private boolean watch;

  @Option(names = "--json", description = "One line with one object each time.")
  private boolean json;

  @Override
  int run() {
    try (Shardstream shardstream = Shardstream.connect(settings())) {
      if (watch) {
        LiveScreen.on(out(), EVERY).show(() -> text(shardstream));
      } else {
        out().print(text(shardstream));
      }
    }
    return OK;
  }

  private String text(Shardstream shardstream) {
    OutputFormat format = json ? OutputFormat.JSON : OutputFormat.TABLE;
    return format.text(LagTable.COLUMNS, LagTable.rows(shards(shardstream)));
  }

  private List<ShardProgress> shards(Shardstream shardstream) {
    List<ShardProgress> all = shardstream.nodes().view().shards();
    if (table == null) {
      return all;
    }
    TableDescription wanted = shardstream.tables().describe(table);
    return all.stream().filter(shard -> shard.tableId().equals(wanted.info().tableId())).toList();
  }
}
