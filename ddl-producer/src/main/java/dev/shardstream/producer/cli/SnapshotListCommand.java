package dev.shardstream.producer.cli;

import dev.shardstream.schemas.snapshot.SnapshotInfo;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code snapshot list}: what a store has. It needs no cluster: there may be none any more. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the complete snapshots of a place. No cluster is asked.")
final class SnapshotListCommand extends ClientCommand {
  private static final List<String> COLUMNS =
      List.of("name", "table", "schema_version", "taken_at", "rows", "bytes", "files", "problem");

  @Option(
      names = "--from",
      required = true,
      paramLabel = "PLACE",
      description = "Where they are: a directory, or s3://bucket/prefix.")
  private String from = "";

  @Option(names = "--json", description = "One line with one object.")
  private boolean json;

  @Override
  int run() {
    try (SnapshotStore store = SnapshotStores.open(from)) {
      OutputFormat format = json ? OutputFormat.JSON : OutputFormat.TABLE;
      out().print(format.text(COLUMNS, rows(SnapshotInfo.list(store))));
    }
    return OK;
  }

  static List<List<@Nullable Object>> rows(List<SnapshotInfo> snapshots) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (SnapshotInfo snapshot : snapshots) {
      List<@Nullable Object> row = new ArrayList<>();
      boolean known = snapshot.problem() == null;
      row.add(snapshot.name());
      row.add(known ? snapshot.namespace() + "." + snapshot.table() : null);
      row.add(known ? snapshot.schemaVersion() : null);
      row.add(known ? Instant.ofEpochMilli(snapshot.takenAt()).toString() : null);
      row.add(known ? snapshot.rows() : null);
      row.add(known ? snapshot.bytes() : null);
      row.add(known ? snapshot.slices() : null);
      row.add(snapshot.problem());
      rows.add(row);
    }
    return rows;
  }
}
