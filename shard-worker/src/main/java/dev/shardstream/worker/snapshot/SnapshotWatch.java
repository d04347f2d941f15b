package dev.shardstream.worker.snapshot;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.snapshot.Snapshot;
import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.worker.metrics.WorkerMetric;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether the shards of a node could be made anew: whether the logs that were
 * cut go on at a snapshot. That there is none is otherwise found only by the shard that needs it.
 */
public final class SnapshotWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWatch.class);

  /** Each look reads what all snapshots of the place say of themselves. */
  private static final Duration EVERY = Duration.ofMinutes(30);

  private static final Duration FIRST = Duration.ofMinutes(1);

  private final Optional<SnapshotPlace> place;
  private final Supplier<Set<String>> tables;
  private final LogStarts starts;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("snapshots"));
  private volatile Set<String> without = Set.of();

  /** Says where logs begin. */
  @FunctionalInterface
  public interface LogStarts {
    /**
     * By partition, the first offset that the log of a table holds.
     *
     * @throws ShardstreamException what Kafka says is wrong
     */
    Map<Integer, Long> of(String tableId);
  }

  /**
   * @param place empty for a node that has none; stays the caller's
   * @param tables ids of those that the node has shards of
   */
  public SnapshotWatch(
      Optional<SnapshotPlace> place,
      Supplier<Set<String>> tables,
      LogStarts starts,
      MeterRegistry metrics) {
    this.place = place;
    this.tables = tables;
    this.starts = starts;
    WorkerMetric.TABLES_WITHOUT_SNAPSHOT.gauge(metrics, () -> without.size());
  }

  public void start() {
    thread.scheduleWithFixedDelay(
        this::lookOrSay, FIRST.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookOrSay() {
    try {
      look();
    } catch (RuntimeException failure) {
      LOG.warn("snapshots.unknown reason={}", failure.toString());
    }
  }

  /** Looks once. A table whose log cannot be asked for stays as it was seen. */
  void look() {
    Set<String> found = new TreeSet<>();
    Map<String, Map<Integer, Long>> cut = new TreeMap<>();
    for (String tableId : tables.get()) {
      try {
        Map<Integer, Long> begins = starts.of(tableId);
        if (begins.values().stream().anyMatch(start -> start > 0)) {
          cut.put(tableId, begins);
        }
      } catch (ShardstreamException away) {
        LOG.warn("log.unknown table={} reason={}", tableId, away.getMessage());
        if (without.contains(tableId)) {
          found.add(tableId);
        }
      }
    }
    Map<String, List<Snapshot>> snapshots = cut.isEmpty() ? Map.of() : snapshots();
    cut.forEach(
        (tableId, begins) -> {
          if (snapshots.getOrDefault(tableId, List.of()).stream()
              .noneMatch(snapshot -> snapshot.manifest().reaches(begins))) {
            found.add(tableId);
          }
        });
    found.forEach(
        tableId ->
            LOG.error(
                "snapshot.missing table={} place={} what={}",
                tableId,
                place.map(SnapshotPlace::place).orElse("none"),
                "its log was cut, and no snapshot reaches what is left"));
    without = found;
  }

  private Map<String, List<Snapshot>> snapshots() {
    try {
      return place.map(SnapshotPlace::byTable).orElse(Map.of());
    } catch (ShardstreamException away) {
      LOG.warn("snapshot.unknown reason={}", away.getMessage());
      return Map.of();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
