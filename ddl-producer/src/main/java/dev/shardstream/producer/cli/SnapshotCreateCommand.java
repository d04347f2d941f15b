package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.api.SnapshotOperations;
import dev.shardstream.producer.api.TableOperations;
import dev.shardstream.producer.snapshot.CutLog;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotStores;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code snapshot create}: tables as they are, while they are written. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description =
        "Take a snapshot of each table. It is read, written, altered and resharded all the time.")
final class SnapshotCreateCommand extends ClientCommand {
  @Parameters(paramLabel = "T", arity = "0..*", description = "The tables.")
  private List<String> tables = List.of();

  @Option(names = "--all", description = "All tables of all namespaces.")
  private boolean all;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "PLACE",
      description = "Where they are kept: a directory, or s3://bucket/prefix.")
  private String to = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "What that of a single table is called. Default: the table's name and the time.")
  private @Nullable String name;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description =
          "Then delete the older snapshots of the table in that place, but for the newest N.")
  private @Nullable Integer keep;

  @Option(
      names = "--cut-log",
      description =
          "Then cut the log of the table behind its oldest snapshot there, as 'retention' does.")
  private boolean cutsLog;

  @Spec private @Nullable CommandSpec spec;

  @Override
  int run() {
    requireSense();
    int status = OK;
    try (SnapshotStore store = SnapshotStores.open(to);
        Shardstream shardstream = Shardstream.connect(settings())) {
      for (String table : all ? all(shardstream.tables()) : tables) {
        try {
          keep(shardstream.snapshots(), table, store);
        } catch (ShardstreamException failure) {
          // The other tables are worth as much.
          report(failure);
          status = FAILED;
        }
      }
    }
    return status;
  }

  private void requireSense() {
    if (all != tables.isEmpty()) {
      throw usage("say which tables, or --all");
    }
    if (name != null && (all || tables.size() > 1)) {
      throw usage("--name is for a single table");
    }
    if (keep != null && keep < 1) {
      throw usage("--keep is at least 1, and was " + keep);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(
        Objects.requireNonNull(spec, "the command runs without its command line").commandLine(),
        message);
  }

  private static List<String> all(TableOperations tables) {
    return tables.listNamespaces().stream()
        .flatMap(
            namespace ->
                tables.listTables(namespace.name()).stream()
                    .map(table -> namespace.name() + "." + table.name()))
        .toList();
  }

  private void keep(SnapshotOperations snapshots, String table, SnapshotStore store) {
    SnapshotManifest taken;
    try (Progress progress = Progress.on(System.err, "snapshot", VirtualShards.COUNT)) {
      taken =
          snapshots.create(
              table,
              store,
              name,
              stored ->
                  progress.at(Math.min(stored, VirtualShards.COUNT), "virtual shard " + stored));
    }
    out()
        .printf(
            "snapshot %s of table '%s' at %s: %d rows, %d bytes%n",
            taken.name(), table, store.place(), taken.rows(), taken.bytes());
    if (keep != null) {
      snapshots
          .prune(table, store, keep)
          .forEach(old -> out().printf("snapshot %s is deleted%n", old));
    }
    if (cutsLog) {
      CutLog log = snapshots.cutLog(table, store, false);
      out()
          .printf(
              "the log of table '%s' begins at snapshot %s: %d offsets are cut off%n",
              table, log.snapshot(), log.offsets());
    }
    out().flush();
  }
}
