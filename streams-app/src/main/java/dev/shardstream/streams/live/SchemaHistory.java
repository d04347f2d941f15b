package dev.shardstream.streams.live;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.kafka.TopicScan;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/** The versions of a table, read from Kafka when they are asked for: nobody keeps them. */
public final class SchemaHistory {
  private static final int MOST_AT_ONCE = 4;

  private final String topic;
  private final TopicScan scan;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  public SchemaHistory(ClusterConfig config, KafkaClients kafka, Events events) {
    this.topic = config.topics().schemaHistory();
    this.scan = new TopicScan(config, kafka, events);
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
      // By version, because a compacted topic may hold a record twice for a while.
      Map<Integer, SchemaVersion> versions = new TreeMap<>();
      scan.read(
          topic,
          SchemaVersion.class,
          false,
          (key, version) -> {
            if (version.getTableId().equals(tableId)) {
              versions.put(version.getVersion(), version);
            }
            return true;
          });
      return List.copyOf(versions.values());
    } finally {
      places.release();
    }
  }
}
