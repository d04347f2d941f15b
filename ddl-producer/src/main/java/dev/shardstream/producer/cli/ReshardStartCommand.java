package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ReshardOperations;
import dev.shardstream.producer.api.ReshardOptions;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.sql.QualifiedName;
import dev.shardstream.producer.sql.ReshardClauses;
import dev.shardstream.producer.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reshard start}: gives a table another number of shards while it is in use. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description =
        "Give a table another number of shards. It is read and written all the time; without"
            + " --watch this returns as soon as the work is queued.")
final class ReshardStartCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "T", description = "The table.")
  private String table = "";

  @Parameters(index = "1", paramLabel = "N", description = "Shards to end with, 1 to 256.")
  private int shards;

  @Option(
      names = "--rows-per-second",
      paramLabel = "N",
      description = "Copy at most so many rows a second; 0 for as fast as it goes.")
  private @Nullable Long rowsPerSecond;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      description = "Keep the old shards for so long after the switch, to roll back.")
  private @Nullable Long grace;

  @Option(
      names = "--manual-cutover",
      description = "Wait for 'reshard switch' when both sides were found equal.")
  private boolean manualCutover;

  @Option(
      names = "--repair",
      description = "Copy again what the verify finds different, in place of a failure.")
  private boolean repair;

  @Option(names = "--dry-run", description = "Only show the plan.")
  private boolean dryRun;

  @Mixin private final WatchOption watch = new WatchOption();

  @Mixin private final FormatOption format = new FormatOption();

  @Override
  int run() {
    QualifiedName name = QualifiedName.parse(table);
    Map<String, String> settings = settings();
    if (name.database() != null) {
      // A reshard is found again in the client's own database.
      settings.put(ClientConfig.DATABASE, name.database());
    }
    ReshardOptions options =
        new ReshardOptions(
            rowsPerSecond, grace == null ? null : Duration.ofSeconds(grace), manualCutover, repair);
    try (Shardstream shardstream = Shardstream.connect(settings)) {
      ReshardOperations reshards = shardstream.reshards();
      if (dryRun) {
        out().print(format.text(shardstream.execute(plan(name))));
        return OK;
      }
      ReshardInfo queued = reshards.start(name.name(), shards, options);
      out()
          .printf(
              "Reshard %s of table '%s' from %d to %d shards is queued%n",
              queued.changeLogId(), queued.tableName(), queued.sourceShards(), shards);
      watch.follow(shardstream, queued, out());
    }
    return OK;
  }

  private Statement plan(QualifiedName name) {
    return new Statement.ReshardTable(
        name, shards, new ReshardClauses(rowsPerSecond, grace, manualCutover, repair), true);
  }
}
