package dev.shardstream.worker.copy;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.worker.shard.ShardFile;
import dev.shardstream.worker.shard.SystemTables;
import dev.shardstream.worker.shard.TableShape;
import dev.shardstream.worker.shard.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
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
  /** Response header with {@link #checksum()}, decimal. */
  public static final String CHECKSUM_HEADER = "X-Shardstream-Crc32c";

  /** Response header with {@link #rows()}, decimal. */
  public static final String ROWS_HEADER = "X-Shardstream-Rows";

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
    return Optional.of(new Slice(file, Files.size(file), checksum(file), rows.getAsLong()));
  }

  /** A file that nobody needs after a crash: no journal, no sync. */
  private static Connection create(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.OFF);
    config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
    config.setBusyTimeout(10_000);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  static long checksum(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        checksum.update(buffer, 0, n);
      }
    }
    return checksum.getValue();
  }
}
