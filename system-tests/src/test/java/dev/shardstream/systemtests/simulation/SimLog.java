package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.worker.apply.LogDecoder;
import dev.shardstream.worker.decide.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * The log of one table: partitions with offsets that have gaps, read up to the last stable offset.
 * It never loses a record. What is in it is read back from bytes by the worker's own decoder.
 */
final class SimLog {
  private final String topic;
  private final LogDecoder decoder;
  private final List<Partition> partitions = new ArrayList<>();

  private static final class Partition {
    private final List<LogEntry> entries = new ArrayList<>();
    private long end;
    private long lastAt;
    private long openFrom = Long.MAX_VALUE;
    private long openUntil;
    private final NavigableMap<Long, Long> ends = new TreeMap<>();
  }

  /** Where a record lies, and when it was appended. */
  record Place(int partition, long offset, long at) {}

  SimLog(Table table, Registry registry) {
    this.topic = "log." + table.getTableId();
    this.decoder = new LogDecoder(table, registry);
    for (int i = 0; i < table.getPartitions(); i++) {
      partitions.add(new Partition());
    }
  }

  int partitions() {
    return partitions.size();
  }

  /** Appends a record; it counts from then on. */
  Place append(int partition, byte[] key, byte[] value, long now) {
    return add(partition, key, value, now);
  }

  private Place add(int partition, byte[] key, byte[] value, long now) {
    Partition log = partitions.get(partition);
    log.lastAt = Math.max(log.lastAt, now);
    long offset = log.end++;
    log.entries.add(
        decoder.read(
            new ConsumerRecord<>(
                topic,
                partition,
                offset,
                log.lastAt,
                TimestampType.LOG_APPEND_TIME,
                key.length,
                value.length,
                key,
                value,
                new RecordHeaders(),
                Optional.empty())));
    return new Place(partition, offset, log.lastAt);
  }

  /**
   * Writes a record into every partition in one transaction. Readers see it, and what comes behind
   * it, when they learn of the commit, which each partition tells at a time of its own.
   */
  List<Place> transact(byte[] value, long now, Dice dice) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < partitions.size(); i++) {
      Partition log = partitions.get(i);
      if (log.openUntil <= now) {
        log.openFrom = log.end;
      }
      log.openUntil = Math.max(log.openUntil, now + (dice.oneIn(4) ? dice.below(3_000) : 0));
      places.add(add(i, new byte[0], value, now));
      log.end++;
    }
    return places;
  }

  /** Offsets that no reader ever sees a record at: transaction markers, an aborted transaction. */
  void skip(int partition, int offsets) {
    partitions.get(partition).end += offsets;
  }

  /** The end that a read-committed reader can reach. */
  long end(int partition, long now) {
    Partition log = partitions.get(partition);
    return log.openUntil > now ? Math.min(log.openFrom, log.end) : log.end;
  }

  /** A moment has come at which someone may ask later where the log ended. */
  void remember(long now) {
    for (int i = 0; i < partitions.size(); i++) {
      partitions.get(i).ends.put(now, end(i, now));
    }
  }

  /** The end that a read-committed reader could reach at a moment in the past. */
  long endAsOf(int partition, long moment) {
    Map.Entry<Long, Long> end = partitions.get(partition).ends.floorEntry(moment);
    return end == null ? 0 : end.getValue();
  }

  /** Records from an offset on, before an end, in order. */
  List<LogEntry> read(int partition, long from, long end, int most) {
    List<LogEntry> entries = partitions.get(partition).entries;
    int at = firstAt(entries, from);
    int to = at;
    while (to < entries.size() && to - at < most && entries.get(to).offset() < end) {
      to++;
    }
    return entries.subList(at, to);
  }

  private static int firstAt(List<LogEntry> entries, long offset) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).offset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
