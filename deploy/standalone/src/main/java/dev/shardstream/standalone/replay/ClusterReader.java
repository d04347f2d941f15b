package dev.shardstream.standalone.replay;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.MalformedRecordException;
import dev.shardstream.schemas.serde.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads whole control topics, from their beginning to where they end at the time of the call. */
final class ClusterReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterReader.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final ClientConfig config;
  private final KafkaClients kafka;
  private final Registry registry;
  private final Events events;

  /**
   * @throws dev.shardstream.schemas.contract.ShardstreamException KAFKA_UNREACHABLE
   */
  ClusterReader(ClientConfig config) {
    this.config = config;
    this.kafka = new KafkaClients(config);
    kafka.requireReachable();
    this.registry = ConfluentRegistry.connect(config);
    this.events = new Events(registry);
  }

  /** The commands, those of one database in their order. */
  List<LoggedCommand> commands() {
    List<LoggedCommand> commands = new ArrayList<>();
    read(
        config.topics().ddlCommands(),
        DdlCommand.class,
        (record, command) -> {
          if (command != null) {
            String key = record.key() == null ? "" : record.key();
            commands.add(new LoggedCommand(key, command, record.timestamp()));
          }
        });
    return List.copyOf(commands);
  }

  /** What became of them. */
  LiveCatalog live() {
    Topics topics = config.topics();
    Map<String, DdlResult> results = new HashMap<>();
    read(
        topics.ddlResults(),
        DdlResult.class,
        (record, result) -> {
          if (result != null && LiveCatalog.isAboutItsCommand(result)) {
            results.put(result.getCommandId(), result);
          }
        });
    return new LiveCatalog(
        List.copyOf(last(topics.catalog(), Table.class).values()),
        new TreeSet<>(last(topics.namespaces(), Namespace.class).keySet()),
        results);
  }

  private <T extends SpecificRecordBase> Map<String, T> last(String topic, Class<T> type) {
    Map<String, T> last = new TreeMap<>();
    read(
        topic,
        type,
        (record, value) -> {
          if (value == null) {
            last.remove(record.key());
          } else {
            last.put(record.key(), value);
          }
        });
    return last;
  }

  @FunctionalInterface
  private interface Sink<T> {
    void take(ConsumerRecord<String, byte[]> record, @Nullable T value);
  }

  private <T extends SpecificRecordBase> void read(String topic, Class<T> type, Sink<T> sink) {
    Deserializer<T> deserializer = events.serde(type).deserializer();
    try (Consumer<String, byte[]> consumer =
        kafka.consumer(new StringDeserializer(), new ByteArrayDeserializer(), Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.beginningOffsets(partitions).forEach(consumer::seek);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          if (record.offset() < ends.get(new TopicPartition(topic, record.partition()))) {
            take(deserializer, record, sink);
          }
        }
      }
    } catch (KafkaException e) {
      throw config.kafkaFailure(e);
    }
  }

  private static <T> void take(
      Deserializer<T> deserializer, ConsumerRecord<String, byte[]> record, Sink<T> sink) {
    T value;
    try {
      value = deserializer.deserialize(record.topic(), record.value());
    } catch (MalformedRecordException foreign) {
      // The control plane leaves such a record out too.
      LOG.warn(
          "replay.unreadable topic={} partition={} offset={}",
          record.topic(),
          record.partition(),
          record.offset(),
          foreign);
      return;
    }
    sink.take(record, value);
  }

  @Override
  public void close() {
    registry.close();
  }
}
