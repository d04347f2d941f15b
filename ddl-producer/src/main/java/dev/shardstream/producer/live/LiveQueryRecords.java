package dev.shardstream.producer.live;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.kafka.Acknowledgement;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records by which others know of live queries. They are in the partition of their
 * namespace's commands, so that whoever decides on a command has heard of them.
 */
final class LiveQueryRecords implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  private final String topic;
  private final Duration timeout;
  private final Producer<String, LiveQuery> producer;

  LiveQueryRecords(ClientConfig config, KafkaClients kafka, Events events) {
    this(
        config,
        kafka.producer(
            new StringSerializer(),
            events.serde(LiveQuery.class).serializer(),
            Map.of(ProducerConfig.LINGER_MS_CONFIG, 0)));
  }

  LiveQueryRecords(ClientConfig config, Producer<String, LiveQuery> producer) {
    this.topic = config.topics().liveQueries();
    this.timeout = config.commandTimeout();
    this.producer = producer;
  }

  /** The key of a live query's record. */
  static String key(String database, String id) {
    return database + "/" + id;
  }

  /**
   * Writes a record and waits until Kafka has it.
   *
   * @throws ShardstreamException WRITE_FAILED, REGISTRY_UNREACHABLE
   */
  void write(LiveQuery query) {
    Acknowledgement.await(topic, timeout, () -> send(query));
  }

  /** Sends a sign of life; the next one comes soon, so nobody waits for it. */
  Future<RecordMetadata> send(LiveQuery query) {
    return send(query.getDatabase(), query.getId(), query);
  }

  /** Sends the end of a live query. */
  Future<RecordMetadata> sendEnd(String database, String id) {
    return send(database, id, null);
  }

  /**
   * Waits until Kafka has the end of a live query, but not for long: what its subscriber does next
   * may depend on it, like the drop of a column that it showed.
   *
   * @throws ShardstreamException WRITE_FAILED, REGISTRY_UNREACHABLE
   */
  void awaitEnd(Supplier<Future<RecordMetadata>> sendEnd) {
    Acknowledgement.await(topic, CLOSE_WAIT, sendEnd);
  }

  private Future<RecordMetadata> send(String database, String id, @Nullable LiveQuery value) {
    int partitions = producer.partitionsFor(topic).size();
    int hash = Utils.murmur2(database.getBytes(StandardCharsets.UTF_8));
    return producer.send(
        new ProducerRecord<>(topic, Utils.toPositive(hash) % partitions, key(database, id), value));
  }

  @Override
  public void close() {
    producer.close(CLOSE_WAIT);
  }
}
