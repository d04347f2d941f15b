package dev.shardstream.streams.live;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.kafka.SchemaVersions;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The versions of a table, for so many readers at the same time: each reads the whole topic. */
public final class SchemaHistory {
  private static final int MOST_AT_ONCE = 4;

  private final SchemaVersions versions;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  public SchemaHistory(ClusterConfig config, KafkaClients kafka, Events events) {
    this.versions = new SchemaVersions(config, kafka, events);
  }

  /**
   * All versions that a table has had, from the first.
   *
   * @throws ShardstreamException KAFKA_UNREACHABLE, TOO_MANY_AT_ONCE
   */
  public List<SchemaVersion> versions(String tableId) {
    if (!places.tryAcquire()) {
      throw new ShardstreamException(
          ErrorCode.TOO_MANY_AT_ONCE, "reads of histories", MOST_AT_ONCE);
    }
    try {
      return versions.of(tableId);
    } finally {
      places.release();
    }
  }
}
