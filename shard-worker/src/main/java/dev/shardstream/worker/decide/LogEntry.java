package dev.shardstream.worker.decide;

import dev.shardstream.schemas.event.Rule;
import dev.shardstream.worker.shard.Rejection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a record of a table log turned out to be. */
public sealed interface LogEntry {
  int partition();

  long offset();

  /** The virtual shard that answers for it. */
  int virtualShard();

  /** The row that it is about; empty when that is none, or none that is known. */
  default Optional<RowKey> row() {
    return Optional.empty();
  }

  /** A change of a row. */
  record Changed(LoggedChange change) implements LogEntry {
    @Override
    public int partition() {
      return change.partition();
    }

    @Override
    public long offset() {
      return change.offset();
    }

    @Override
    public int virtualShard() {
      return change.key().virtualShard();
    }

    @Override
    public Optional<RowKey> row() {
      return Optional.of(change.key());
    }
  }

  /**
   * A fence.
   *
   * @param virtualShard the partition's lowest
   * @param timestamp log timestamp, milliseconds since the epoch
   * @param schemaVersion the table's version that a shard has reached before its digest is taken
   */
  record Fenced(
      int partition,
      long offset,
      int virtualShard,
      String fenceId,
      long timestamp,
      int schemaVersion)
      implements LogEntry {}

  /**
   * From the next offset on a rule holds in this partition, or holds no longer.
   *
   * @param virtualShard the partition's lowest; the rule is about all of them
   */
  record Ruled(int partition, long offset, int virtualShard, Rule rule) implements LogEntry {}

  /**
   * A record that is no change that a replica could decide on: refused as POISON.
   *
   * @param key the row that it would change, as far as that is known
   */
  record Unreadable(Rejection rejection, @Nullable RowKey key) implements LogEntry {
    /** One that does not even tell its row. */
    public Unreadable(Rejection rejection) {
      this(rejection, null);
    }

    @Override
    public Optional<RowKey> row() {
      return Optional.ofNullable(key);
    }

    @Override
    public int partition() {
      return rejection.partition();
    }

    @Override
    public long offset() {
      return rejection.offset();
    }

    @Override
    public int virtualShard() {
      return rejection.virtualShard();
    }
  }
}
