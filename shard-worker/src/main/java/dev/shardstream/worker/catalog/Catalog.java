package dev.shardstream.worker.catalog;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.trace.TraceContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** The newest definition of each table, as far as this node has read the catalog. Any thread. */
public interface Catalog {
  /** The newest definition; empty while it is not known, and when the table is gone. */
  Optional<Table> newest(String tableId);

  /** For whom the newest definition was made; empty while that is not known. */
  Optional<TraceContext> trace(String tableId);

  /**
   * Waits until the newest definition is as wanted.
   *
   * @return the newest definition when the wait ended, as wanted or not
   */
  Optional<Table> await(String tableId, Predicate<Table> wanted, Duration maxWait);
}
