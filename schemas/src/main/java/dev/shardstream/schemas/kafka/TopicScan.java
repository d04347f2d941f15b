package dev.shardstream.schemas.kafka;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.serde.Events;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a control topic from the oldest record that is kept, for one question. */
public final class TopicScan {
  private static final Duration POLL = Duration.ofMillis(200);

  private final ClusterConfig config;
  private final KafkaClients kafka;
  private final Events events;

  public TopicScan(ClusterConfig config, KafkaClients kafka, Events events) {
    this.config = config;
    this.kafka = kafka;
    this.events = events;
  }

  /**
   * Reads all partitions; the records of one key come in their order.
   *
   * @param follow whether to go on with those that come, or to end with those that are there
   * @param sink gets key and value of each record, but no tombstone; false ends the reading
   * @throws ShardstreamException KAFKA_UNREACHABLE
   */
  public <V extends SpecificRecordBase> void read(
      String topic, Class<V> type, boolean follow, BiPredicate<String, V> sink) {
    try (Consumer<String, V> consumer =
        kafka.consumer(new StringDeserializer(), events.serde(type).deserializer(), Map.of())) {
      readAll(consumer, topic, follow, sink);
    } catch (KafkaException e) {
      throw config.kafkaFailure(e);
    }
  }

  private static <V> void readAll(
      Consumer<String, V> consumer, String topic, boolean follow, BiPredicate<String, V> sink) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.beginningOffsets(partitions).forEach(consumer::seek);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (follow || isBefore(consumer, ends)) {
      for (ConsumerRecord<String, V> record : consumer.poll(POLL)) {
        if (record.value() != null && !sink.test(record.key(), record.value())) {
          return;
        }
      }
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }

  private static boolean isBefore(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue());
  }
}
