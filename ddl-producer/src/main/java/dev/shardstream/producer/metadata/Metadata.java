package dev.shardstream.producer.metadata;

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
}
