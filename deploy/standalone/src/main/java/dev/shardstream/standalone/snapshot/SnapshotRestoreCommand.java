package dev.shardstream.standalone.snapshot;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.cli.ClientOptions;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import dev.shardstream.schemas.snapshot.SnapshotStores.Located;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code snapshot restore}: a snapshot as a table of its own. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description =
        "Restore a snapshot into a table of its own, as it is or brought to another moment by the"
            + " log. Run again after it was cut off, it goes on; run twice, it changes nothing.")
public final class SnapshotRestoreCommand implements Callable<Integer> {
  private static final int OK = 0;

  @Mixin private final ClientOptions client = new ClientOptions();

  @Parameters(
      paramLabel = "PLACE/NAME",
      description =
          "The snapshot: where it is kept, a directory or s3://bucket/prefix, a slash, what it is"
              + " called.")
  private String written = "";

  @Option(
      names = "--into",
      required = true,
      paramLabel = "T",
      description = "The table to be made.")
  private String into = "";

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      description =
          "Follow the log of the table up to there: a time like '2026-11-22 03:05:07' (UTC), or"
              + " positions, partition:offset, like 0:120,3:77. Default: the snapshot as it is.")
  private @Nullable String at;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "Where the rows are put together; it needs room for all of them. Default: the system's"
              + " directory for temporary files.")
  private @Nullable Path work;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Located located = Located.parse(written);
    PrintWriter out =
        Objects.requireNonNull(spec, "the command runs without its command line")
            .commandLine()
            .getOut();
    try (SnapshotStore store = SnapshotStores.open(located.place())) {
      Snapshot snapshot = Snapshot.open(store, located.name());
      try (Shardstream shardstream = Shardstream.connect(client.settings())) {
        Restore.Report report =
            new Restore(
                    shardstream,
                    snapshot,
                    into,
                    line -> {
                      out.println(line);
                      out.flush();
                    })
                .run(at, work);
        out.printf(
            "table '%s' has %d rows, %d written now, %d changes replayed; %d virtual shards are as"
                + " they should be%n",
            into, report.rows(), report.written(), report.replayed(), report.compared());
      }
    }
    out.flush();
    return OK;
  }
}
