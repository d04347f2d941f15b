package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.TableOperations;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.sql.QualifiedName;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reshard}: gives a table another number of shards while it is in use. */
@Command(
    name = "reshard",
    mixinStandardHelpOptions = true,
    description =
        "Give a table another number of shards. It is read and written all the time; without"
            + " --watch this returns as soon as the work is queued.")
final class ReshardCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "T", description = "The table.")
  private String table = "";

  @Parameters(index = "1", paramLabel = "N", description = "Shards to end with, 1 to 256.")
  private int shards;

  @Option(
      names = {"-w", "--watch"},
      description = "Show how far it is until it ends. Leaving with Ctrl-C does not stop it.")
  private boolean watch;

  @Override
  int run() {
    QualifiedName name = QualifiedName.parse(table);
    Map<String, String> settings = settings();
    if (name.database() != null) {
      // A reshard is found again in the client's own database.
      settings.put(ClientConfig.DATABASE, name.database());
    }
    try (Shardstream shardstream = Shardstream.connect(settings)) {
      TableOperations tables = shardstream.tables();
      ReshardInfo queued = tables.reshard(name.name(), shards);
      out()
          .printf(
              "Reshard %s of table '%s' from %d to %d shards is queued%n",
              queued.changeLogId(), queued.tableName(), queued.sourceShards(), shards);
      out().flush();
      if (watch) {
        ReshardWatch.of(queued, rows(tables, name.name()), System.err, out())
            .follow(interval -> tables.awaitReshard(queued.changeLogId(), interval));
      }
    }
    return OK;
  }

  /** Rows to copy, as the last heartbeats have it. */
  private static long rows(TableOperations tables, String table) {
    return tables.getStats(table).stream()
        .filter(shard -> shard.status().equals("active") && shard.rows() != null)
        .mapToLong(shard -> shard.rows())
        .sum();
  }
}
