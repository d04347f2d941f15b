package dev.shardstream.producer.ddl;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.Events;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The DDL results that Kafka still holds. */
public final class DdlHistory {
  private static final Duration POLL = Duration.ofMillis(200);

  private final ClientConfig config;
  private final KafkaClients kafka;
  private final Events events;

  public DdlHistory(ClientConfig config, KafkaClients kafka, Events events) {
    this.config = config;
    this.kafka = kafka;
    this.events = events;
  }

  /**
   * Reads the results from the oldest one that is kept.
   *
   * @param follow whether to go on with those that come, or to end with those that are there
   * @param sink gets each result, those of one command in their order; false ends the reading
   * @throws ShardstreamException KAFKA_UNREACHABLE
   */
  public void read(boolean follow, Predicate<DdlResult> sink) {
    try {
      readAll(follow, sink);
    } catch (KafkaException e) {
      throw config.kafkaUnreachable().causedBy(e);
    }
  }

  private void readAll(boolean follow, Predicate<DdlResult> sink) {
    String topic = config.topics().ddlResults();
    try (Consumer<String, DdlResult> consumer =
        kafka.consumer(
            new StringDeserializer(), events.serde(DdlResult.class).deserializer(), Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.beginningOffsets(partitions).forEach(consumer::seek);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (follow || isBefore(consumer, ends)) {
        for (ConsumerRecord<String, DdlResult> record : consumer.poll(POLL)) {
          if (record.value() != null && !sink.test(record.value())) {
            return;
          }
        }
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
    }
  }

  private static boolean isBefore(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue());
  }
}
