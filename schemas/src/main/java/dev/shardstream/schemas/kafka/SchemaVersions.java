package dev.shardstream.schemas.kafka;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The versions of tables, read from their topic when they are asked for: nobody keeps them. */
public final class SchemaVersions {
  private final String topic;
  private final TopicScan scan;

  public SchemaVersions(ClusterConfig config, KafkaClients kafka, Events events) {
    this.topic = config.topics().schemaHistory();
    this.scan = new TopicScan(config, kafka, events);
  }

  /**
   * All versions that a table has had, from the first.
   *
   * @throws ShardstreamException KAFKA_UNREACHABLE
   */
  public List<SchemaVersion> of(String tableId) {
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
  }
}
