package dev.shardstream.worker.apply;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.decide.Segment;
import dev.shardstream.worker.shard.ShardFile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Applies a table's log to a file that nobody serves, as an {@link Applier} does, but no further
 * than to given offsets. Used by one thread, which owns the file.
 */
public final class BoundedReplay {
  private final ShardFile file;
  private final Applier.Source source;
  private final ApplySettings settings;
  private final List<Table> versions;

  /**
   * @param versions definitions that the table has had, ascending: of those that a change needs,
   *     the first one is adopted
   */
  public BoundedReplay(
      ShardFile file, Applier.Source source, ApplySettings settings, List<Table> versions) {
    this.file = file;
    this.source = source;
    this.settings = settings;
    this.versions = List.copyOf(versions);
  }

  /**
   * Applies what stands below the bounds.
   *
   * @param bounds by partition, the first offset that is not applied; partitions that are not named
   *     stay as they are
   * @param patience longest time without any progress
   * @return changes accepted
   * @throws ShardstreamException LOG_TRUNCATED, STALE_SCHEMA, KAFKA_UNREACHABLE when the log does
   *     not get to the bounds
   */
  public long upTo(Map<Integer, Long> bounds, Duration patience) throws SQLException {
    try (CurrentWriter current = new CurrentWriter(file);
        Consumer<byte[], byte[]> consumer = source.consumers().get()) {
      Map<Integer, Long> starts = starts(current.writer(), bounds);
      if (starts.isEmpty()) {
        return 0;
      }
      LogReader log = new LogReader(file.ref(), source.topic(), consumer, settings);
      log.start(starts);
      Map<Integer, Long> wanted = new HashMap<>(bounds);
      wanted.keySet().retainAll(starts.keySet());
      Map<Integer, Long> reached = Map.of();
      long accepted = 0;
      long progressAt = System.nanoTime();
      while (!reached.equals(wanted)) {
        List<LogEntry> entries = below(wanted, log.next());
        Map<Integer, Long> next = capped(wanted, log.reached());
        accepted += apply(current, entries, next);
        if (!next.equals(reached)) {
          progressAt = System.nanoTime();
        } else if (System.nanoTime() - progressAt > patience.toNanos()) {
          throw new ShardstreamException(
              ErrorCode.KAFKA_UNREACHABLE,
              source.topic() + ", which does not get from " + next + " to " + wanted,
              patience.toSeconds());
        }
        reached = next;
      }
      return accepted;
    }
  }

  private static Map<Integer, Long> starts(SegmentWriter writer, Map<Integer, Long> bounds) {
    Map<Integer, Long> starts = new HashMap<>();
    writer
        .positions()
        .leastByPartition()
        .forEach(
            (partition, offset) -> {
              if (offset < bounds.getOrDefault(partition, 0L)) {
                starts.put(partition, offset);
              }
            });
    return starts;
  }

  private List<LogEntry> below(
      Map<Integer, Long> bounds, List<ConsumerRecord<byte[], byte[]>> records) {
    List<LogEntry> entries = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> logged : records) {
      if (logged.offset() < bounds.getOrDefault(logged.partition(), 0L)) {
        entries.add(source.decoder().read(logged));
      }
    }
    return entries;
  }

  private static Map<Integer, Long> capped(Map<Integer, Long> bounds, Map<Integer, Long> reached) {
    Map<Integer, Long> capped = new HashMap<>();
    reached.forEach((p, offset) -> capped.put(p, Math.min(offset, bounds.getOrDefault(p, offset))));
    return capped;
  }

  private long apply(CurrentWriter current, List<LogEntry> entries, Map<Integer, Long> reached)
      throws SQLException {
    Adoption.Need need = Adoption.Need.of(entries, fence -> false);
    if (!need.test(file.definition().table())) {
      current.change(() -> file.adopt(first(need)));
    }
    long accepted = 0;
    SegmentWriter writer = current.writer();
    for (Iterator<Segment> each = Segment.cut(entries, fence -> false).iterator();
        each.hasNext(); ) {
      Segment segment = each.next();
      Segment ours =
          new Segment(
              segment.entries().stream().filter(writer::concerns).toList(), segment.fences());
      accepted += writer.commit(ours, each.hasNext() ? segment.reached() : reached).accepted();
    }
    return accepted;
  }

  private Table first(Adoption.Need need) {
    Table table = file.definition().table();
    return versions.stream()
        .filter(version -> version.getSchemaVersion() > table.getSchemaVersion())
        .filter(need)
        .findFirst()
        .orElseThrow(
            () ->
                new ShardstreamException(
                    ErrorCode.STALE_SCHEMA,
                    table.getSchemaVersion(),
                    table.getName(),
                    table.getSchemaVersion() + 1));
  }
}
