package dev.shardstream.worker.apply;

import dev.shardstream.worker.shard.ShardFile;
import java.sql.SQLException;

/** The writer for the definition that a shard file has at the moment. */
final class CurrentWriter implements AutoCloseable {
  private final ShardFile file;
  private SegmentWriter writer;

  CurrentWriter(ShardFile file) throws SQLException {
    this.file = file;
    this.writer = new SegmentWriter(file);
  }

  SegmentWriter writer() {
    return writer;
  }

  /** What may alter the table. */
  @FunctionalInterface
  interface Change {
    void run() throws SQLException;
  }

  /** Alters the table while no statement of a writer is open, and opens one for what it is then. */
  void change(Change change) throws SQLException {
    writer.close();
    change.run();
    writer = new SegmentWriter(file);
  }

  @Override
  public void close() throws SQLException {
    writer.close();
  }
}
