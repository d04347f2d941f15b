package dev.shardstream.systemtests.fuzz;

import dev.shardstream.schemas.event.Fence;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowCodec;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.MalformedRecordException;
import dev.shardstream.schemas.serde.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** The log of {@link FuzzTable} in memory, with the registry that its records need. */
final class FuzzLog {
  static final String TOPIC = "fuzz.log." + FuzzTable.ID;

  private final Registry registry =
      ConfluentRegistry.connect("mock://" + UUID.randomUUID(), Duration.ofSeconds(1));
  private final RowCodec codec = RowCodec.of(FuzzTable.TABLE);
  private final int schemaId = registry.register(TOPIC + "-value", codec.schema());
  private final Events events = new Events(registry);
  private final Map<Integer, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();

  Registry registry() {
    return registry;
  }

  byte[] encode(RowChange change) {
    return codec.encode(schemaId, change);
  }

  byte[] encode(Rule rule) {
    return events.serde(Rule.class).serializer().serialize(TOPIC + "-rule", rule);
  }

  /** Whether it is a rule about a column that the table has not had yet. */
  boolean isRuleOfTheFuture(byte[] value) {
    try {
      Rule rule = events.serde(Rule.class).deserializer().deserialize(TOPIC, value);
      return rule.getTableId().equals(FuzzTable.ID)
          && rule.getColumns().stream().anyMatch(id -> id >= FuzzTable.TABLE.getNextColumnId());
    } catch (MalformedRecordException noRule) {
      return false;
    }
  }

  byte[] encode(Fence fence) {
    return events.serde(Fence.class).serializer().serialize(TOPIC + "-fence", fence);
  }

  synchronized void append(int partition, byte @Nullable [] key, byte @Nullable [] value) {
    List<ConsumerRecord<byte[], byte[]>> log =
        records.computeIfAbsent(partition, p -> new ArrayList<>());
    long offset = log.size();
    log.add(
        new ConsumerRecord<>(
            TOPIC,
            partition,
            offset,
            1_000 + offset,
            TimestampType.LOG_APPEND_TIME,
            key == null ? 0 : key.length,
            value == null ? 0 : value.length,
            key,
            value,
            new RecordHeaders(),
            Optional.empty()));
  }

  /** By partition, where the next record will be. */
  synchronized Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new HashMap<>();
    for (int partition = 0; partition < FuzzTable.PARTITIONS; partition++) {
      ends.put(partition, (long) records.getOrDefault(partition, List.of()).size());
    }
    return ends;
  }

  Consumer<byte[], byte[]> consumer() {
    return new LogConsumer();
  }

  private final class LogConsumer extends MockConsumer<byte[], byte[]> {
    private final Map<Integer, Integer> given = new HashMap<>();

    LogConsumer() {
      super("none");
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(
        Collection<TopicPartition> partitions, Duration limit) {
      return partitions.stream().collect(Collectors.toMap(p -> p, p -> 0L));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration wait) {
      synchronized (FuzzLog.this) {
        assignment().forEach(this::give);
      }
      ConsumerRecords<byte[], byte[]> polled = super.poll(wait);
      if (polled.isEmpty()) {
        LockSupport.parkNanos(Math.min(wait.toNanos(), 1_000_000));
      }
      return polled;
    }

    private void give(TopicPartition partition) {
      List<ConsumerRecord<byte[], byte[]>> log =
          records.getOrDefault(partition.partition(), List.of());
      updateBeginningOffsets(Map.of(partition, 0L));
      updateEndOffsets(Map.of(partition, (long) log.size()));
      int from = given.getOrDefault(partition.partition(), (int) position(partition));
      log.subList(Math.min(from, log.size()), log.size()).forEach(this::addRecord);
      given.put(partition.partition(), log.size());
    }
  }
}
