package dev.shardstream.worker;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Fence;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.row.RowChange;
import dev.shardstream.schemas.row.RowCodec;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.worker.fresh.LogEnds;
import dev.shardstream.worker.fresh.LogPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** The log of the test table, in memory: writers append, every consumer reads what is there. */
public final class FakeLog implements LogEnds {
  public static final String TOPIC = "test.log.default-orders-1";

  private final Registry registry =
      ConfluentRegistry.connect("mock://" + UUID.randomUUID(), Duration.ofSeconds(1));
  private final RowCodec codec = RowCodec.of(Orders.TABLE);
  private final int schemaId = registry.register(TOPIC + "-value", codec.schema());
  private final Map<Integer, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
  private final Map<Integer, Long> starts = new HashMap<>();
  private volatile boolean held;
  private volatile boolean isCutOff;
  private volatile Optional<Duration> closeLimit = Optional.empty();

  public Registry registry() {
    return registry;
  }

  /** Appends a change where it belongs; returns its offset. */
  public long append(RowChange change) {
    long id = (Long) change.values().get(1);
    return append(
        Orders.partition(id),
        Tables.primaryKeyBytes(Orders.TABLE, change.values()),
        codec.encode(schemaId, change));
  }

  /** Appends a change of a writer who knows that version of the table; returns its offset. */
  public long append(Table writer, RowChange change) {
    RowCodec theirs = RowCodec.of(writer);
    int id = registry.register(TOPIC + "-value", theirs.schema());
    return append(
        Orders.partition((Long) change.values().get(1)),
        Tables.primaryKeyBytes(writer, change.values()),
        theirs.encode(id, change));
  }

  /** The bytes of a change. */
  public byte[] encode(RowChange change) {
    return codec.encode(schemaId, change);
  }

  /** The bytes of a rule. */
  public byte[] encode(Rule rule) {
    return new Events(registry).serde(Rule.class).serializer().serialize(TOPIC, rule);
  }

  /** Appends a rule to every partition; returns its offsets in partition order. */
  public List<Long> rule(Rule rule) {
    List<Long> offsets = new ArrayList<>();
    for (int partition = 0; partition < Orders.PARTITIONS; partition++) {
      offsets.add(append(partition, null, encode(rule)));
    }
    return offsets;
  }

  /** By partition, where the next record will be. */
  public synchronized List<Long> ends() {
    List<Long> ends = new ArrayList<>();
    for (int partition = 0; partition < Orders.PARTITIONS; partition++) {
      ends.add((long) records.getOrDefault(partition, List.of()).size());
    }
    return ends;
  }

  /** Where the log ends, asked as the freshness of a shard is; no answer while it is cut off. */
  @Override
  public Map<LogPartition, CompletableFuture<Long>> ask(Set<LogPartition> partitions) {
    List<Long> ends = ends();
    return partitions.stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                partition ->
                    isCutOff
                        ? new CompletableFuture<>()
                        : CompletableFuture.completedFuture(ends.get(partition.partition()))));
  }

  /** Does not say any more where it ends; questions that are open stay so. */
  public void cutOff() {
    isCutOff = true;
  }

  /** Appends a fence to a partition; returns its offset. */
  public long fence(int partition, String fenceId) {
    return fence(partition, fenceId, 1);
  }

  /** Appends a fence for that version of the table; returns its offset. */
  public long fence(int partition, String fenceId, int schemaVersion) {
    byte[] value =
        new Events(registry)
            .serde(Fence.class)
            .serializer()
            .serialize(TOPIC, new Fence(fenceId, Orders.TABLE.getTableId(), "r-1", schemaVersion));
    return append(partition, null, value);
  }

  public synchronized long append(int partition, byte[] key, byte[] value) {
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
    return offset;
  }

  /** Gives consumers nothing but the ends until {@link #release()}. */
  public void hold() {
    held = true;
  }

  public void release() {
    held = false;
  }

  /** Forgets everything before an offset. */
  public synchronized void truncate(int partition, long start) {
    starts.put(partition, start);
  }

  public synchronized ConsumerRecord<byte[], byte[]> record(int partition, long offset) {
    return records.get(partition).get((int) offset);
  }

  public Consumer<byte[], byte[]> consumer() {
    return new LogConsumer();
  }

  /** How long the consumer that was closed last could have taken for it, if that was said. */
  public Optional<Duration> closeLimit() {
    return closeLimit;
  }

  private final class LogConsumer extends MockConsumer<byte[], byte[]> {
    private final Map<Integer, Integer> given = new HashMap<>();

    LogConsumer() {
      super("none");
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(
        Collection<TopicPartition> partitions, Duration limit) {
      synchronized (FakeLog.this) {
        return partitions.stream()
            .collect(Collectors.toMap(p -> p, p -> starts.getOrDefault(p.partition(), 0L)));
      }
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration wait) {
      synchronized (FakeLog.this) {
        for (TopicPartition partition : assignment()) {
          give(partition);
        }
      }
      ConsumerRecords<byte[], byte[]> polled = super.poll(wait);
      if (polled.isEmpty()) {
        LockSupport.parkNanos(Math.min(wait.toNanos(), 5_000_000));
      }
      return polled;
    }

    @Override
    public void close(CloseOptions options) {
      closeLimit = options.timeout();
      super.close(options);
    }

    private void give(TopicPartition partition) {
      List<ConsumerRecord<byte[], byte[]>> log =
          records.getOrDefault(partition.partition(), List.of());
      updateBeginningOffsets(Map.of(partition, starts.getOrDefault(partition.partition(), 0L)));
      updateEndOffsets(Map.of(partition, (long) log.size()));
      if (held) {
        return;
      }
      int from = given.getOrDefault(partition.partition(), (int) position(partition));
      log.subList(Math.min(from, log.size()), log.size()).forEach(this::addRecord);
      given.put(partition.partition(), log.size());
    }
  }
}
