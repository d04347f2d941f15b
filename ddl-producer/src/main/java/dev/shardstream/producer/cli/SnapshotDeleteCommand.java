package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code snapshot delete}: one that no log needs. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description =
        "Delete a snapshot. Refused when the log of its table was cut behind it and no other"
            + " snapshot in that place can take its own.")
final class SnapshotDeleteCommand extends ClientCommand {
  @Parameters(
      paramLabel = "PLACE/NAME",
      description = "Where it is and what it is called: /backups/one, s3://bucket/prefix/one.")
  private String snapshot = "";

  @Option(
      names = "--unreadable",
      description =
          "Delete what is damaged, or was never completed: make sure that nobody is creating it.")
  private boolean unreadable;

  @Override
  int run() {
    SnapshotStores.Located located = SnapshotStores.Located.parse(snapshot);
    try (SnapshotStore store = SnapshotStores.open(located.place())) {
      if (unreadable) {
        out().println(Snapshot.deleteUnreadable(store, located.name()));
      } else {
        try (Shardstream shardstream = Shardstream.connect(settings())) {
          shardstream.snapshots().delete(store, located.name());
        }
      }
      out().printf("snapshot %s in %s is deleted%n", located.name(), store.place());
    }
    return OK;
  }
}
