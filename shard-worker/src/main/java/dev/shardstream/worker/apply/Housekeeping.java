package dev.shardstream.worker.apply;

import dev.shardstream.worker.shard.PositionBoard;
import dev.shardstream.worker.shard.RejectionTable;
import dev.shardstream.worker.shard.ShardFile;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** What an applier does for its file now and then, between two batches. Its owner thread's. */
final class Housekeeping {
  private static final long EXPIRE_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long SHOW_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  private final ShardFile file;
  private final PositionBoard board;
  private final int rejectionsKept;
  private long shownAt;
  private long expiredAt;
  private long rejectionsSinceTrim;

  Housekeeping(ShardFile file, PositionBoard board, int rejectionsKept) {
    this.file = file;
    this.board = board;
    this.rejectionsKept = rejectionsKept;
  }

  /** Counts rejections that a commit wrote. */
  void rejected(int count) {
    rejectionsSinceTrim += count;
  }

  /** Keeps the write-ahead log short, deletes what nobody sees, and shows how far the shard is. */
  void keep(SegmentWriter writer, LogReader log) throws SQLException, IOException {
    file.checkpointIfLarge();
    expire(writer);
    if (rejectionsSinceTrim > rejectionsKept / 10) {
      RejectionTable.trim(file.writer(), rejectionsKept);
      rejectionsSinceTrim = 0;
    }
    if (System.nanoTime() - shownAt > SHOW_EVERY_NANOS) {
      log.show(writer.positions().leastByPartition());
      shownAt = System.nanoTime();
    }
  }

  /** Goes on at once as long as there is more, so that a batch of changes waits for little. */
  private void expire(SegmentWriter writer) throws SQLException {
    if (System.nanoTime() - expiredAt < EXPIRE_EVERY_NANOS) {
      return;
    }
    if (writer.deleteExpired()) {
      board.publish(writer.positions());
    } else {
      expiredAt = System.nanoTime();
    }
  }
}
