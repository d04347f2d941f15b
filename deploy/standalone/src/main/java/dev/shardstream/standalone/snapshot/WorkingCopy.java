package dev.shardstream.standalone.snapshot;

import dev.shardstream.producer.snapshot.SliceFile;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.snapshot.RowsDigest;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.snapshot.SnapshotSlice;
import dev.shardstream.worker.copy.Slice;
import dev.shardstream.worker.shard.PositionTable;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.ShardRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a snapshot in one file of the form of a shard's, which holds all virtual shards. One
 * thread writes it, any may read it.
 */
final class WorkingCopy implements AutoCloseable {
  private static final int CACHE_BYTES = 16 << 20;
  private static final long WAL_BYTES = 64L << 20;
  private static final int VALUE_BYTES = 1 << 30;
  private static final int SHARD = 0;

  private final ShardFile file;

  private WorkingCopy(ShardFile file) {
    this.file = file;
  }

  /**
   * Puts the slices of a snapshot together; each is compared with what the manifest says of it.
   *
   * @param directory empty; the caller deletes it after this is closed
   * @param progress gets the count of slices that are in it
   * @throws ShardstreamException SNAPSHOT_DAMAGED that names the file, SNAPSHOT_REFUSED,
   *     SNAPSHOT_STORE
   */
  static WorkingCopy of(Snapshot snapshot, Path directory, IntConsumer progress)
      throws SQLException, IOException {
    Table table = snapshot.manifest().definition();
    ShardFile file =
        ShardFile.create(
            directory.resolve("table.sqlite"),
            new ShardFile.Settings(CACHE_BYTES, WAL_BYTES, VALUE_BYTES),
            new ShardDefinition(
                new ShardRef(table.getTableId(), SHARD),
                table,
                IntStream.range(0, VirtualShards.COUNT).boxed().toList(),
                ShardState.COPYING));
    WorkingCopy copy = new WorkingCopy(file);
    try {
      int taken = 0;
      for (SnapshotSlice slice : snapshot.manifest().slices()) {
        copy.take(snapshot, slice, directory.resolve("slice.sqlite"));
        progress.accept(++taken);
      }
      copy.requireWhole(snapshot.manifest().name());
      file.startApplying();
      return copy;
    } catch (SQLException | IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void take(Snapshot snapshot, SnapshotSlice slice, Path fetched)
      throws SQLException, IOException {
    String name = snapshot.manifest().name();
    try {
      snapshot.fetch(slice, fetched);
      requireAsSaid(name, slice, fetched);
      if (Slice.takeInto(file, fetched, slice.virtualShard(), slice.range()).isEmpty()) {
        throw damaged(name, slice.file(), "it does not hold the shard keys that it should");
      }
      file.checkpointIfLarge();
    } finally {
      Files.deleteIfExists(fetched);
    }
  }

  private void requireAsSaid(String name, SnapshotSlice slice, Path fetched) {
    Table table = file.definition().table();
    try (SliceFile content = SliceFile.open(fetched)) {
      SliceFile.Reached said =
          new SliceFile.Reached(slice.partition(), slice.position(), slice.lastPosition());
      RowsDigest digest = content.digest(table, slice.virtualShard());
      if (content.schemaVersion() != table.getSchemaVersion()
          || !content.reached(slice.virtualShard()).equals(said)
          || digest.rows() != slice.rows()
          || !digest.text().equals(slice.digest())) {
        throw damaged(name, slice.file(), "its rows or positions are not what the manifest says");
      }
    } catch (SQLException e) {
      throw damaged(name, slice.file(), String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private void requireWhole(String name) throws SQLException {
    Positions positions = PositionTable.read(file.writer());
    for (int v = 0; v < VirtualShards.COUNT; v++) {
      if (!positions.missing(v, KeyRanges.ALL).isEmpty()) {
        throw damaged(name, "manifest.json", "virtual shard " + v + " is not whole in its slices");
      }
    }
  }

  private static ShardstreamException damaged(String name, String file, String what) {
    return new ShardstreamException(ErrorCode.SNAPSHOT_DAMAGED, name, file, what);
  }

  /** The file, for whoever applies the log to it in the thread that made it. */
  ShardFile file() {
    return file;
  }

  /** The definition that its rows have. */
  Table table() {
    return file.definition().table();
  }

  /** Deletes the rows of a stream table that have expired at a moment. */
  void expire(long millis) throws SQLException {
    Long ttlSeconds = table().getTtlSeconds();
    if (ttlSeconds == null) {
      return;
    }
    try (PreparedStatement delete =
        file.writer()
            .prepareStatement("DELETE FROM " + file.shape().name() + " WHERE _updated <= ?")) {
      delete.setLong(1, millis - ttlSeconds * 1_000);
      delete.executeUpdate();
    }
  }

  /** Digest of a virtual shard. */
  RowsDigest digest(int virtualShard) throws SQLException {
    RowsDigest[] sum = {RowsDigest.NONE};
    rows(virtualShard, row -> sum[0] = sum[0].plus(RowsDigest.of(row)));
    return sum[0];
  }

  /**
   * Hands over the rows of a virtual shard. Safe for several threads.
   *
   * @param sink gets the columns in the table's order, as they are stored
   */
  void rows(int virtualShard, Consumer<List<@Nullable Object>> sink) throws SQLException {
    try (Connection reader = file.openReader()) {
      SliceFile.scan(reader, table(), virtualShard, sink);
    }
  }

  @Override
  public void close() throws SQLException {
    file.close();
  }
}
