package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.snapshot.CutLog;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retention}: lets a log begin behind the oldest snapshot of its table. */
@Command(
    name = "retention",
    mixinStandardHelpOptions = true,
    description =
        "Delete what the log of a table holds from before its oldest snapshot, for good. Refused"
            + " while a shard still has to apply it, while a reshard is running, and when a node"
            + " does not see that snapshot at its own snapshot.place. Without this, a log is kept"
            + " for ever.")
final class RetentionCommand extends ClientCommand {
  private static final List<String> COLUMNS =
      List.of("partition", "began_at", "begins_at", "snapshot");

  @Parameters(paramLabel = "T", description = "The table.")
  private String table = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "PLACE",
      description = "Where its snapshots are: a directory, or s3://bucket/prefix.")
  private String from = "";

  @Option(names = "--dry-run", description = "Check everything and delete nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "One line with one object.")
  private boolean json;

  @Override
  int run() {
    try (SnapshotStore store = SnapshotStores.open(from);
        Shardstream shardstream = Shardstream.connect(settings())) {
      CutLog cut = shardstream.snapshots().cutLog(table, store, dryRun);
      OutputFormat format = json ? OutputFormat.JSON : OutputFormat.TABLE;
      out().print(format.text(COLUMNS, rows(cut)));
    }
    return OK;
  }

  private static List<List<@Nullable Object>> rows(CutLog cut) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CutLog.Partition each : cut.partitions()) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add((long) each.partition());
      row.add(each.before());
      row.add(each.start());
      row.add(cut.snapshot());
      rows.add(row);
    }
    return rows;
  }
}
