package dev.shardstream.worker.decide;

import java.util.Optional;
import java.util.Set;

/**
 * The rows as they are before a batch.
 *
 * @param <E> what goes wrong when they are looked up
 */
public interface RowsBefore<E extends Exception> {
  /** The row of a key that one of the batch's changes has. */
  Optional<Row> row(RowKey key) throws E;

  /** The keys of all rows that hold a value. */
  Set<RowKey> holders(UniqueValue value) throws E;
}
