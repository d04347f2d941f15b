package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code snapshot create}: a table as it is, while it is written. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description =
        "Take a snapshot of a table. The table is read, written, altered and resharded all the"
            + " time.")
final class SnapshotCreateCommand extends ClientCommand {
  @Parameters(paramLabel = "T", description = "The table.")
  private String table = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "PLACE",
      description = "Where it is kept: a directory, or s3://bucket/prefix.")
  private String to = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What it is called. Default: the table's name and the time.")
  private @Nullable String name;

  @Override
  int run() {
    try (SnapshotStore store = SnapshotStores.open(to);
        Shardstream shardstream = Shardstream.connect(settings());
        Progress progress = Progress.on(System.err, "snapshot", VirtualShards.COUNT)) {
      SnapshotManifest taken =
          shardstream
              .snapshots()
              .create(
                  table,
                  store,
                  name,
                  stored ->
                      progress.at(
                          Math.min(stored, VirtualShards.COUNT), "virtual shard " + stored));
      out()
          .printf(
              "snapshot %s of table '%s' at %s: %d rows, %d bytes%n",
              taken.name(), table, store.place(), taken.rows(), taken.bytes());
    }
    return OK;
  }
}
