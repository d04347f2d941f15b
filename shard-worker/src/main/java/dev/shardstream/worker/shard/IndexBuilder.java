package dev.shardstream.worker.shard;

import dev.shardstream.schemas.event.Index;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** Builds the indexes that a shard file lacks, in its owner's thread; any thread may stop it. */
final class IndexBuilder {
  private final Connection writer;
  private volatile List<Integer> indexes;

  /** Guards {@link #building}: what the writer runs after a build is not to be interrupted. */
  private final Object ending = new Object();

  private boolean building;

  IndexBuilder(Connection writer) throws SQLException {
    this.writer = writer;
    this.indexes = SchemaChange.indexes(writer);
  }

  /** Ids of the table's indexes that the file has, ascending. */
  List<Integer> indexes() {
    return indexes;
  }

  /** Looks anew which indexes the file has. */
  void look() throws SQLException {
    indexes = SchemaChange.indexes(writer);
  }

  /**
   * Builds what is missing, each whole or not at all.
   *
   * @return whether an index of the table was
   */
  boolean build(TableShape shape) throws SQLException {
    List<Index> missing = SchemaChange.missingIndexes(writer, shape.table());
    if (!SchemaChange.hasKeyIndex(writer, shape)) {
      interruptibly(() -> SchemaChange.createKeyIndex(writer, shape));
    }
    for (Index index : missing) {
      interruptibly(() -> SchemaChange.createIndex(writer, shape, index));
      look();
    }
    return !missing.isEmpty();
  }

  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  private void interruptibly(Step step) throws SQLException {
    isBuilding(true);
    try {
      step.run();
    } finally {
      isBuilding(false);
    }
  }

  private void isBuilding(boolean now) {
    synchronized (ending) {
      building = now;
    }
  }

  /**
   * Lets the index that is built fail; no effect when none is, and when its statement has not taken
   * its first step: to be repeated until the builder has ended.
   */
  void stop() {
    synchronized (ending) {
      if (building) {
        try {
          ((SQLiteConnection) writer).getDatabase().interrupt();
        } catch (SQLException closed) {
          throw new IllegalStateException(closed);
        }
      }
    }
  }
}
