package dev.shardstream.worker.node;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** What a node and its shards look like from outside, as last reported. */
public final class NodeMetrics {
  private final MultiGauge shards;
  private final MultiGauge failed;
  private final MultiGauge rows;
  private final MultiGauge bytes;
  private final MultiGauge walBytes;
  private final MultiGauge lag;
  private final MultiGauge positions;
  private final Counter sent;
  private final Counter unsent;
  private final AtomicLong free = new AtomicLong();
  private final AtomicLong capacity = new AtomicLong();

  public NodeMetrics(MeterRegistry registry) {
    this.shards = WorkerMetric.SHARDS.gauges(registry);
    this.failed = WorkerMetric.SHARD_FAILED.gauges(registry);
    this.rows = WorkerMetric.SHARD_ROWS.gauges(registry);
    this.bytes = WorkerMetric.SHARD_BYTES.gauges(registry);
    this.walBytes = WorkerMetric.SHARD_WAL.gauges(registry);
    this.lag = WorkerMetric.LAG_OFFSETS.gauges(registry);
    this.positions = WorkerMetric.POSITION.gauges(registry);
    this.sent = WorkerMetric.HEARTBEATS.counter(registry, "sent");
    this.unsent = WorkerMetric.HEARTBEATS.counter(registry, "failed");
    WorkerMetric.DISK_FREE.gauge(registry, free::get);
    WorkerMetric.DISK_CAPACITY.gauge(registry, capacity::get);
  }

  /** A heartbeat was taken by Kafka or was not. */
  void sent(boolean taken) {
    (taken ? sent : unsent).increment();
  }

  /**
   * Shows what a heartbeat says; what it does not name any more is gone.
   *
   * @param logs bytes of the write-ahead log of each shard that is open
   */
  void show(Node heartbeat, Map<ShardRef, Long> logs) {
    free.set(heartbeat.getFreeBytes());
    capacity.set(heartbeat.getCapacityBytes());
    List<ShardReport> reports = heartbeat.getShards();
    showStates(reports);
    Rows failures = new Rows();
    Rows held = new Rows();
    Rows sizes = new Rows();
    Rows behind = new Rows();
    Rows reached = new Rows();
    for (ShardReport report : reports) {
      Tags tags = tags(WorkerMetric.SHARD_FAILED, report);
      failures.add(tags, report.getState() == ShardState.FAILED ? 1 : 0);
      held.add(tags, report.getRows());
      sizes.add(tags, report.getBytes());
      lag(report).ifPresent(offsets -> behind.add(tags, offsets));
      report
          .getPartitions()
          .forEach(
              each ->
                  reached.add(
                      tags(WorkerMetric.POSITION, report, Integer.toString(each.getPartition())),
                      each.getPosition()));
    }
    failures.showIn(failed);
    held.showIn(rows);
    sizes.showIn(bytes);
    behind.showIn(lag);
    reached.showIn(positions);
    Rows logSizes = new Rows();
    logs.forEach(
        (shard, size) ->
            logSizes.add(
                WorkerMetric.SHARD_WAL.tags(shard.tableId(), Integer.toString(shard.shardId())),
                size));
    logSizes.showIn(walBytes);
  }

  private void showStates(List<ShardReport> reports) {
    Rows states = new Rows();
    for (ShardState state : ShardState.values()) {
      states.add(
          WorkerMetric.SHARDS.tags(state.name().toLowerCase(Locale.ROOT)),
          reports.stream().filter(report -> report.getState() == state).count());
    }
    states.showIn(shards);
  }

  private static Tags tags(WorkerMetric metric, ShardReport report, String... more) {
    List<String> values = new ArrayList<>();
    values.add(report.getTableId());
    values.add(Integer.toString(report.getShardId()));
    values.addAll(List.of(more));
    return metric.tags(values.toArray(String[]::new));
  }

  /** Empty before every end is known. */
  private static OptionalLong lag(ShardReport report) {
    List<PartitionLag> partitions = report.getPartitions();
    return partitions.isEmpty() || partitions.stream().anyMatch(each -> each.getEnd() < 0)
        ? OptionalLong.empty()
        : OptionalLong.of(
            partitions.stream()
                .mapToLong(each -> Math.max(0, each.getEnd() - each.getPosition()))
                .sum());
  }

  /** The values of one metric. */
  private static final class Rows {
    private final List<MultiGauge.Row<?>> rows = new ArrayList<>();

    void add(Tags tags, double value) {
      rows.add(MultiGauge.Row.of(tags, value));
    }

    void showIn(MultiGauge gauge) {
      gauge.register(rows, true);
    }
  }
}
