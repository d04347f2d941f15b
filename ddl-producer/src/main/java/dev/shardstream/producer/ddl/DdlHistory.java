package dev.shardstream.producer.ddl;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.kafka.SchemaVersions;
import dev.shardstream.schemas.kafka.TopicScan;
import dev.shardstream.schemas.serde.Events;
import java.util.List;
import java.util.function.Predicate;

/** What became of commands, and what they made of a table: read from Kafka when it is asked for. */
public final class DdlHistory {
  private final Topics topics;
  private final TopicScan scan;
  private final SchemaVersions versions;

  public DdlHistory(ClientConfig config, KafkaClients kafka, Events events) {
    this.topics = config.topics();
    this.scan = new TopicScan(config, kafka, events);
    this.versions = new SchemaVersions(config, kafka, events);
  }

  /**
   * Reads the results from the oldest one that is kept.
   *
   * @param follow whether to go on with those that come, or to end with those that are there
   * @param sink gets each result, those of one command in their order; false ends the reading
   * @throws ShardstreamException KAFKA_UNREACHABLE
   */
  public void read(boolean follow, Predicate<DdlResult> sink) {
    scan.read(topics.ddlResults(), DdlResult.class, follow, (key, result) -> sink.test(result));
  }

  /**
   * All versions that a table has had, from the first.
   *
   * @throws ShardstreamException KAFKA_UNREACHABLE
   */
  public List<SchemaVersion> versions(String tableId) {
    return versions.of(tableId);
  }
}
