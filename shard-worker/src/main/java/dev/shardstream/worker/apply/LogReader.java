package dev.shardstream.worker.apply;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.shard.ShardRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of one shard's partitions, read in batches. Its thread is the applier's. */
final class LogReader {
  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
  private static final Duration COLLECT_POLL = Duration.ofMillis(10);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(10);

  /** Fewer records behind than this are read when they come. */
  private static final long WORTH_COLLECTING = 1_000;

  private final ShardRef shard;
  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final ApplySettings settings;

  LogReader(
      ShardRef shard, String topic, Consumer<byte[], byte[]> consumer, ApplySettings settings) {
    this.shard = shard;
    this.topic = topic;
    this.consumer = consumer;
    this.settings = settings;
  }

  /** By partition, the first offset that the log holds. */
  Map<Integer, Long> starts(Collection<Integer> partitions) {
    Map<Integer, Long> starts = new HashMap<>();
    consumer
        .beginningOffsets(
            partitions.stream().map(p -> new TopicPartition(topic, p)).toList(), ASK_LIMIT)
        .forEach((partition, offset) -> starts.put(partition.partition(), offset));
    return starts;
  }

  /** Starts at these positions, by partition. */
  void start(Map<Integer, Long> positions) {
    consumer.assign(positions.keySet().stream().map(p -> new TopicPartition(topic, p)).toList());
    positions.forEach((p, offset) -> consumer.seek(new TopicPartition(topic, p), offset));
  }

  /**
   * The next records, in log order of each partition; few of them when the shard is up to date, a
   * batch when it is behind, none when there is nothing for a while or when the consumer was woken.
   *
   * @throws ShardstreamException LOG_TRUNCATED
   */
  List<ConsumerRecord<byte[], byte[]>> next() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try {
      long bytes = take(settings.poll(), records);
      long deadline = System.nanoTime() + settings.linger().toNanos();
      while (!records.isEmpty()
          && records.size() < settings.batchChanges()
          && bytes < settings.batchBytes()
          && System.nanoTime() < deadline
          && behind() >= WORTH_COLLECTING) {
        bytes += take(COLLECT_POLL, records);
      }
      return records;
    } catch (WakeupException somethingElseToDo) {
      // A poll that was woken has taken nothing; those before it have.
      return records;
    } catch (OffsetOutOfRangeException outOfRange) {
      throw truncated(outOfRange);
    }
  }

  private long take(Duration wait, List<ConsumerRecord<byte[], byte[]>> records) {
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> logged : consumer.poll(wait)) {
      records.add(logged);
      bytes += Math.max(0, logged.serializedKeySize()) + Math.max(0, logged.serializedValueSize());
    }
    return bytes;
  }

  private ShardstreamException truncated(OffsetOutOfRangeException outOfRange) {
    Map.Entry<TopicPartition, Long> lost =
        outOfRange.offsetOutOfRangePartitions().entrySet().iterator().next();
    long start =
        consumer
            .beginningOffsets(List.of(lost.getKey()), ASK_LIMIT)
            .getOrDefault(lost.getKey(), -1L);
    return new ShardstreamException(
        ErrorCode.LOG_TRUNCATED, lost.getKey(), lost.getValue(), start, shard);
  }

  private long behind() {
    return consumer.assignment().stream()
        .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
        .sum();
  }

  /** By partition, the next offset to read: behind transaction markers too, not only records. */
  Map<Integer, Long> reached() {
    Map<Integer, Long> reached = new HashMap<>();
    consumer
        .assignment()
        .forEach(partition -> reached.put(partition.partition(), consumer.position(partition)));
    return reached;
  }

  /** By partition, the end that this read-committed reader can reach, where it is known. */
  Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new HashMap<>();
    for (TopicPartition partition : consumer.assignment()) {
      OptionalLong lag = consumer.currentLag(partition);
      if (lag.isPresent()) {
        ends.put(partition.partition(), consumer.position(partition) + lag.getAsLong());
      }
    }
    return ends;
  }

  /** Commits positions to the group, for lag tools only: nothing here ever reads them. */
  void show(Map<Integer, Long> positions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    positions.forEach(
        (p, offset) -> offsets.put(new TopicPartition(topic, p), new OffsetAndMetadata(offset)));
    consumer.commitAsync(
        offsets,
        (shown, failure) -> {
          if (failure != null) {
            LOG.debug("apply.group_commit.failed shard={}", shard, failure);
          }
        });
  }
}
