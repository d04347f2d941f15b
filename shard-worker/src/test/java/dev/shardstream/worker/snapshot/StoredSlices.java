package dev.shardstream.worker.snapshot;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.snapshot.RowsDigest;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotSlice;
import dev.shardstream.schemas.snapshot.SnapshotStore;
import dev.shardstream.schemas.snapshot.SnapshotWriter;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.copy.Slice;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.Transaction;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Snapshots of the test table, in a store. */
public final class StoredSlices {
  private StoredSlices() {}

  /** Stores the slices of a shard that holds every virtual shard whole and is at rest. */
  public static SnapshotManifest of(
      ShardFile shard,
      Path scratch,
      SnapshotStore store,
      String name,
      String kafkaCluster,
      long takenAt)
      throws SQLException, IOException {
    SnapshotWriter writer = new SnapshotWriter(store, name);
    List<SnapshotSlice> slices = new ArrayList<>();
    for (int v = 0; v < VirtualShards.COUNT; v++) {
      Path content = scratch.resolve("slice.sqlite");
      Slice.make(shard, v, KeyRanges.ALL, content).orElseThrow();
      Positions.Held held = at(shard).of(v).orElseThrow();
      SnapshotSlice slice =
          writer.entry(
              v,
              KeyRanges.ALL,
              held.partition(),
              held.nextOffset(),
              held.nextOffset(),
              new RowsDigest(held.rows(), BigInteger.ZERO),
              content);
      writer.put(slice, content);
      slices.add(slice);
      Files.delete(content);
    }
    SnapshotManifest manifest =
        SnapshotManifest.of(
            name,
            takenAt,
            "test",
            kafkaCluster,
            1,
            List.of(),
            null,
            null,
            Orders.TABLE,
            List.of(),
            slices);
    writer.commit(manifest);
    return manifest;
  }

  private static Positions at(ShardFile shard) throws SQLException {
    try (Connection reader = shard.openReader()) {
      return PositionTable.read(reader);
    }
  }

  /** Stores the slices of a table without rows, of which nothing is written yet. */
  public static void empty(
      Path scratch, SnapshotStore store, String name, String kafkaCluster, long takenAt)
      throws SQLException, IOException {
    emptyAt(0, scratch, store, name, kafkaCluster, takenAt);
  }

  /**
   * Stores the slices of a table without rows.
   *
   * @param position of every virtual shard
   */
  static void emptyAt(
      long position,
      Path scratch,
      SnapshotStore store,
      String name,
      String kafkaCluster,
      long takenAt)
      throws SQLException, IOException {
    Path path = scratch.resolve("empty").resolve(name + ".sqlite");
    try (ShardFile shard =
        ShardFile.create(
            path, Orders.SETTINGS, Orders.definition(0, Orders.ALL, ShardState.APPLYING))) {
      Transaction.write(
          shard.writer(),
          () -> {
            PositionTable.put(
                shard.writer(),
                PositionTable.read(shard.writer()).held().stream()
                    .map(at -> new Positions.Held(at.virtualShard(), at.partition(), position, 0))
                    .toList());
            return null;
          });
      of(shard, scratch, store, name, kafkaCluster, takenAt);
    }
  }
}
