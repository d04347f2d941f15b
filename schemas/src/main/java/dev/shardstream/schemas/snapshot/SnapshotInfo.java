package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot in a list.
 *
 * @param name of the snapshot
 * @param namespace of its table
 * @param table its table's name; empty when the snapshot cannot be read
 * @param schemaVersion of the table
 * @param takenAt milliseconds since the epoch
 * @param rows rows in it
 * @param bytes of its slices
 * @param slices files of rows
 * @param problem why it cannot be read; null when nothing is known to be wrong with it
 */
public record SnapshotInfo(
    String name,
    String namespace,
    String table,
    int schemaVersion,
    long takenAt,
    long rows,
    long bytes,
    int slices,
    @Nullable String problem) {

  /** The complete snapshots of a store, by name. Slices are not looked at. */
  public static List<SnapshotInfo> list(SnapshotStore store) {
    List<SnapshotInfo> all = new ArrayList<>();
    for (String name : store.names()) {
      try {
        all.add(of(Snapshot.open(store, name).manifest()));
      } catch (ShardstreamException unusable) {
        if (unusable.code() != ErrorCode.SNAPSHOT_NOT_FOUND) {
          all.add(new SnapshotInfo(name, "", "", 0, 0, 0, 0, 0, unusable.getMessage()));
        }
      }
    }
    return all;
  }

  static SnapshotInfo of(SnapshotManifest manifest) {
    Table table = manifest.definition();
    return new SnapshotInfo(
        manifest.name(),
        table.getDatabase(),
        table.getName(),
        table.getSchemaVersion(),
        manifest.takenAt(),
        manifest.rows(),
        manifest.bytes(),
        manifest.slices().size(),
        null);
  }
}
