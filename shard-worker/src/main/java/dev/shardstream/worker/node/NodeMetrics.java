package dev.shardstream.worker.node;

import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the shards of this node look like from outside: one value per shard, as last reported. */
public final class NodeMetrics {
  private final MultiGauge lag;
  private final MultiGauge rows;
  private final MultiGauge bytes;
  private final MultiGauge failed;

  public NodeMetrics(MeterRegistry registry) {
    this.lag = gauge(registry, "lag_offsets", "Offsets to the end that can be reached.");
    this.rows = gauge(registry, "shard_rows", "Rows of a shard.");
    this.bytes = gauge(registry, "shard_bytes", "Size of a shard's files.");
    this.failed = gauge(registry, "shard_failed", "1 when the shard has stopped.");
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder("shardstream_worker_" + name)
        .description(description)
        .register(registry);
  }

  void show(List<ShardReport> reports) {
    set(lag, reports, NodeMetrics::lag);
    set(rows, reports, ShardReport::getRows);
    set(bytes, reports, ShardReport::getBytes);
    set(failed, reports, report -> report.getState() == ShardState.FAILED ? 1 : 0);
  }

  private static void set(
      MultiGauge gauge, List<ShardReport> reports, ToDoubleFunction<ShardReport> value) {
    List<MultiGauge.Row<?>> shown = new java.util.ArrayList<>(reports.size());
    for (ShardReport report : reports) {
      Tags tags =
          Tags.of("table", report.getTableId(), "shard", Integer.toString(report.getShardId()));
      shown.add(MultiGauge.Row.of(tags, value.applyAsDouble(report)));
    }
    gauge.register(shown, true);
  }

  private static double lag(ShardReport report) {
    return report.getPartitions().stream()
        .filter(partition -> partition.getEnd() >= 0)
        .mapToLong((PartitionLag partition) -> partition.getEnd() - partition.getPosition())
        .filter(offsets -> offsets > 0)
        .sum();
  }
}
