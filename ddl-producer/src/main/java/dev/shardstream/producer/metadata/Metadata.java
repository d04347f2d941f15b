package dev.shardstream.producer.metadata;

import dev.shardstream.schemas.event.Table;
import java.time.Duration;
import java.util.function.Predicate;

/** What this client knows of the cluster. Safe for use by several threads. */
public interface Metadata {
  /** What is known now. Two calls may give different snapshots; a snapshot never changes. */
  MetadataSnapshot snapshot();

  /**
   * Waits until what is known meets a condition.
   *
   * @param condition asked once at once and again whenever something has changed; must be quick
   * @param timeout how long to wait at most
   * @return false on timeout
   * @throws dev.shardstream.schemas.contract.ShardstreamException INTERNAL when the metadata can no
   *     longer be followed
   */
  boolean await(Predicate<MetadataSnapshot> condition, Duration timeout);

  /**
   * The table of that name, for a writer: the DDL of its table may still be on its way, and a table
   * that is being created may be about to be ready.
   *
   * @param patience how long to wait for it
   * @throws dev.shardstream.schemas.contract.ShardstreamException NAMESPACE_NOT_FOUND,
   *     TABLE_NOT_FOUND, TABLE_NOT_READY
   */
  default Table awaitTable(String database, String name, Duration patience) {
    await(now -> now.table(database, name).filter(now::isReady).isPresent(), patience);
    MetadataSnapshot snapshot = snapshot();
    Table table = snapshot.requireTable(database, name);
    snapshot.requireTopology(table);
    return table;
  }
}
