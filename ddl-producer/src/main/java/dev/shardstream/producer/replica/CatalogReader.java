package dev.shardstream.producer.replica;

import dev.shardstream.schemas.contract.Names;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.serde.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the tables of one namespace from the catalog topic. Used by one thread. */
final class CatalogReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogReader.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Deserializer<Table> deserializer;
  private final String topic;
  private final String namespace;

  /**
   * @param consumer becomes the reader's
   */
  CatalogReader(
      Consumer<byte[], byte[]> consumer,
      Deserializer<Table> deserializer,
      String topic,
      String namespace) {
    this.consumer = consumer;
    this.deserializer = deserializer;
    this.topic = topic;
    this.namespace = namespace;
  }

  /** Next offset by partition. */
  Map<Integer, Long> positions() {
    return consumer.assignment().stream()
        .collect(Collectors.toMap(TopicPartition::partition, consumer::position));
  }

  /**
   * Reads the topic from its beginning to its end: what is there now, whatever was seen before. The
   * topic forgets that a table was dropped a day after it was, so a reader that was away for longer
   * would never hear of it otherwise (https://kafka.apache.org/documentation/#compaction).
   *
   * @param goOn asked before each wait; false gives up
   * @return the state; null when it was given up
   */
  @Nullable ReplicaState readAll(BooleanSupplier goOn) {
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map(CatalogReader::topicPartition)
            .collect(Collectors.toList()));
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    consumer.beginningOffsets(consumer.assignment()).forEach(consumer::seek);
    ReplicaState state = ReplicaState.EMPTY;
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      if (!goOn.getAsBoolean()) {
        return null;
      }
      state = state.with(poll(goOn));
    }
    return state;
  }

  private static TopicPartition topicPartition(PartitionInfo partition) {
    return new TopicPartition(partition.topic(), partition.partition());
  }

  /**
   * Waits a moment for records and gives the tables that they change; null for one that users no
   * longer see.
   *
   * @param goOn asked while the registry is not reachable; false ends the wait with what was read
   * @throws org.apache.kafka.clients.consumer.InvalidOffsetException when the topic was cut off
   */
  Map<String, @Nullable Table> poll(BooleanSupplier goOn) {
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
    Map<String, @Nullable Table> changes = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      if (record.key() != null) {
        read(record, changes, goOn);
      }
    }
    return changes;
  }

  private void read(
      ConsumerRecord<byte[], byte[]> record,
      Map<String, @Nullable Table> changes,
      BooleanSupplier goOn) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    int slash = key.indexOf('/');
    if (slash < 0 || !Names.same(key.substring(0, slash), namespace)) {
      return;
    }
    String tableId = key.substring(slash + 1);
    while (true) {
      try {
        Table table = deserializer.deserialize(topic, record.value());
        boolean gone = table == null || table.getStatus() == TableStatus.DROPPING;
        changes.put(tableId, gone ? null : table);
        return;
      } catch (MalformedRecordException foreign) {
        // Somebody else's bytes must not stop every replica; the operator sees them here.
        LOG.error(
            "replica.unreadable partition={} offset={}",
            record.partition(),
            record.offset(),
            foreign);
        return;
      } catch (ShardstreamException unreachable) {
        if (!goOn.getAsBoolean()) {
          throw unreachable;
        }
        LOG.warn("replica.registry.waiting cause={}", unreachable.getMessage());
      }
    }
  }

  /** Ends a wait in another thread. */
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
