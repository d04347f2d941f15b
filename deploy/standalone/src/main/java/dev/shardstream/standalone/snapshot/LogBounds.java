package dev.shardstream.standalone.snapshot;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.SnapshotManifest;
import dev.shardstream.schemas.snapshot.SnapshotSlice;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Finds in a table's log where a moment is, and whether a snapshot can be brought there. */
final class LogBounds {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Markers of transactions stand between records; so many of them in a row are not expected. */
  private static final long LOOK_BACK = 50;

  private final SnapshotManifest manifest;
  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final List<TopicPartition> partitions;

  /**
   * @param consumer of committed records, not assigned; stays the caller's
   * @param topic the log of the snapshot's table
   * @throws ShardstreamException RESTORE_NO_LOG
   */
  LogBounds(SnapshotManifest manifest, Consumer<byte[], byte[]> consumer, String topic) {
    this.manifest = manifest;
    this.consumer = consumer;
    this.topic = topic;
    int count = manifest.definition().getPartitions();
    this.partitions =
        IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p)).toList();
    if (partitionsNow() != count) {
      throw noLog("log " + topic + " of its table is gone");
    }
  }

  private int partitionsNow() {
    try {
      @Nullable List<PartitionInfo> now = consumer.partitionsFor(topic, ASK_LIMIT);
      return now == null ? 0 : now.size();
    } catch (UnknownTopicOrPartitionException | TimeoutException gone) {
      return 0;
    }
  }

  private ShardstreamException noLog(String why) {
    return new ShardstreamException(ErrorCode.RESTORE_NO_LOG, manifest.name(), why);
  }

  /**
   * By partition, the first offset that is not wanted.
   *
   * @param now milliseconds since the epoch
   * @throws ShardstreamException RESTORE_TOO_EARLY, RESTORE_NO_LOG when the log does not begin
   *     early enough, INVALID_ARGUMENT for a moment that is yet to come
   */
  Map<Integer, Long> of(Moment moment, long now) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ASK_LIMIT);
    Map<Integer, Long> bounds =
        moment instanceof Moment.Time time
            ? at(time, ends, now)
            : at((Moment.Positions) moment, ends);
    Map<Integer, Long> reached = manifest.reached();
    for (Map.Entry<Integer, Long> bound : bounds.entrySet()) {
      if (bound.getValue() < reached.getOrDefault(bound.getKey(), 0L)) {
        throw new ShardstreamException(
            ErrorCode.RESTORE_TOO_EARLY, manifest.name(), moment, earliest(moment));
      }
    }
    requireBeginning(bounds);
    return bounds;
  }

  private Map<Integer, Long> at(Moment.Time time, Map<TopicPartition, Long> ends, long now) {
    if (time.millis() > now) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, time + " is yet to come");
    }
    Map<TopicPartition, Long> behind = new HashMap<>();
    partitions.forEach(partition -> behind.put(partition, time.millis() + 1));
    Map<TopicPartition, @Nullable OffsetAndTimestamp> found =
        consumer.offsetsForTimes(behind, ASK_LIMIT);
    Map<Integer, Long> bounds = new TreeMap<>();
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = found.get(partition);
      bounds.put(
          partition.partition(), first == null ? ends.getOrDefault(partition, 0L) : first.offset());
    }
    return bounds;
  }

  private Map<Integer, Long> at(Moment.Positions wanted, Map<TopicPartition, Long> ends) {
    Map<Integer, Long> bounds = new TreeMap<>(manifest.reached());
    wanted
        .offsets()
        .forEach(
            (partition, offset) -> {
              Long end = ends.get(new TopicPartition(topic, partition));
              if (end == null || offset > end) {
                throw new ShardstreamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the log has no position %d:%d, %s"
                        .formatted(
                            partition,
                            offset,
                            end == null
                                ? "it has %d partitions".formatted(partitions.size())
                                : "the partition ends at %d".formatted(end)));
              }
              bounds.put(partition, offset);
            });
    return bounds;
  }

  private void requireBeginning(Map<Integer, Long> bounds) {
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, ASK_LIMIT);
    for (SnapshotSlice slice : manifest.slices()) {
      long begin = begins.getOrDefault(new TopicPartition(topic, slice.partition()), 0L);
      if (slice.position() < begin
          && slice.position() < bounds.getOrDefault(slice.partition(), 0L)) {
        throw noLog(
            "log %s begins at offset %d of partition %d now, and %d is needed"
                .formatted(topic, begin, slice.partition(), slice.position()));
      }
    }
  }

  /** The first moment at which everything is in the log that is in the snapshot. */
  private String earliest(Moment refused) {
    if (refused instanceof Moment.Positions) {
      return new Moment.Positions(manifest.reached()).toString();
    }
    Map<Integer, Long> reached = manifest.reached();
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, ASK_LIMIT);
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      long from = reached.getOrDefault(partition.partition(), 0L) - LOOK_BACK;
      consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), from));
    }
    long latest = -1;
    long deadline = System.nanoTime() + ASK_LIMIT.toNanos();
    while (isBefore(reached) && System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < reached.getOrDefault(record.partition(), 0L)) {
          latest = Math.max(latest, record.timestamp());
        }
      }
    }
    return Instant.ofEpochMilli(latest < 0 ? manifest.takenAt() : latest).toString();
  }

  private boolean isBefore(Map<Integer, Long> reached) {
    return partitions.stream()
        .anyMatch(p -> consumer.position(p) < reached.getOrDefault(p.partition(), 0L));
  }
}
