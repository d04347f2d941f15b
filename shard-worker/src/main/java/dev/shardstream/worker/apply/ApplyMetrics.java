package dev.shardstream.worker.apply;

import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** What the appliers of a node count. Labels are tables and error codes, never shards or keys. */
public final class ApplyMetrics {
  private final MeterRegistry registry;
  private final Timer commits;

  public ApplyMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.commits =
        Timer.builder("shardstream_worker_apply_commit")
            .description("Time of one SQLite transaction of an applier.")
            .register(registry);
  }

  void committed(ShardRef shard, SegmentWriter.Committed committed, Duration took) {
    commits.record(took);
    registry
        .counter("shardstream_worker_applied_changes", "table", shard.tableId())
        .increment(committed.accepted());
    rejected(shard, committed.rejections());
  }

  private void rejected(ShardRef shard, List<Rejection> rejections) {
    for (Rejection rejection : rejections) {
      registry
          .counter(
              "shardstream_worker_rejected_changes",
              "table",
              shard.tableId(),
              "code",
              rejection.code())
          .increment();
    }
  }

  void failed(ShardRef shard) {
    registry.counter("shardstream_worker_apply_failures", "table", shard.tableId()).increment();
  }
}
