package dev.shardstream.worker.copy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.slice.SliceDownload;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.SystemTables;
import dev.shardstream.worker.shard.TableShape;
import dev.shardstream.worker.shard.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.sqlite.SQLiteConfig;

/**
 * The rows of one virtual shard, or of a range of shard keys in it, at one position, as a SQLite
 * file of its own. It lies on disk, not in memory, so that its size is bounded by the disk alone.
 *
 * @param file where it is; the owner deletes it
 * @param bytes its length
 * @param checksum CRC-32C of its bytes
 * @param rows rows in it
 */
public record Slice(Path file, long bytes, long checksum, long rows) {
  /**
   * Makes a slice of a shard that other threads read, write and alter meanwhile.
   *
   * @param range the shard keys whose rows are in it
   * @param file a path without a file
   * @return empty when the shard does not hold all of that
   */
  public static Optional<Slice> make(ShardFile shard, int virtualShard, KeyRange range, Path file)
      throws SQLException, IOException {
    try {
      return make(shard, shard.shape(), virtualShard, range, file);
    } catch (ShardstreamException adoptedMeanwhile) {
      if (adoptedMeanwhile.code() != ErrorCode.STALE_SCHEMA) {
        throw adoptedMeanwhile;
      }
      Files.delete(file);
      return make(shard, shard.shape(), virtualShard, range, file);
    }
  }

  private static Optional<Slice> make(
      ShardFile shard, TableShape shape, int virtualShard, KeyRange range, Path file)
      throws SQLException, IOException {
    OptionalLong rows;
    try (Connection target = create(file)) {
      Transaction.execute(target, shape.createTable());
      SystemTables.createForSlice(target);
      SystemTables.writeVersion(target, shape.table());
      rows =
          VirtualShardCopy.attached(
              target,
              shard.path(),
              () -> VirtualShardCopy.copy(target, shape, virtualShard, range));
    }
    if (rows.isEmpty()) {
      Files.delete(file);
      return Optional.empty();
    }
    return Optional.of(
        new Slice(file, Files.size(file), SliceDownload.checksum(file), rows.getAsLong()));
  }

  /** A file that nobody needs after a crash: no journal, no sync. */
  private static Connection create(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.OFF);
    config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
    config.setBusyTimeout(10_000);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /**
   * Takes what a slice has into a shard file, in one transaction of the file.
   *
   * @param target holds nothing of that yet, and is at the slice's version of the table or a later
   *     one; this thread owns it
   * @param range the shard keys whose rows are wanted
   * @return rows taken; empty when the slice does not have all of that
   * @throws ShardstreamException FILE_ERROR when the slice is not sound or no slice at all,
   *     STALE_SCHEMA
   */
  public static OptionalLong takeInto(
      ShardFile target, Path slice, int virtualShard, KeyRange range) throws SQLException {
    return VirtualShardCopy.attached(
        target.writer(),
        slice,
        () -> {
          if (!VirtualShardCopy.isSound(target.writer())) {
            throw new ShardstreamException(
                ErrorCode.FILE_ERROR, slice, "the slice of " + target.ref() + " is not sound");
          }
          return VirtualShardCopy.copy(target.writer(), target.appliedShape(), virtualShard, range);
        });
  }
}
