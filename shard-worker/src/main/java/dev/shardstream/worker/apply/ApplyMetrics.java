package dev.shardstream.worker.apply;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the appliers of a node count. Labels are shards and error codes, never keys. */
public final class ApplyMetrics {
  /** The reason of a wait that no error code tells. */
  private static final String KAFKA = "KAFKA";

  private final MeterRegistry registry;
  private final Timer commits;

  public ApplyMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.commits = WorkerMetric.APPLY_COMMIT.timer(registry);
  }

  /** What the applier of one shard counts, shown until it is closed. */
  OfShard of(ShardRef shard) {
    return new OfShard(shard);
  }

  /** The counters of one shard. */
  final class OfShard implements AutoCloseable {
    private final String table;
    private final String shard;
    private final Set<Meter> meters = ConcurrentHashMap.newKeySet();

    private OfShard(ShardRef ref) {
      this.table = ref.tableId();
      this.shard = Integer.toString(ref.shardId());
      // An increase is seen only from a value that was there before: these are there from the
      // start.
      counter(WorkerMetric.APPLIED, table, shard);
      counter(WorkerMetric.APPLY_FAILURES, table, shard);
      rejected(ErrorCode.POISON.name());
    }

    private Counter counter(WorkerMetric metric, String... values) {
      Counter counter = metric.counter(registry, values);
      meters.add(counter);
      return counter;
    }

    private Counter rejected(String code) {
      return counter(WorkerMetric.REJECTED, table, shard, code);
    }

    void committed(SegmentWriter.Committed committed, Duration took) {
      commits.record(took);
      counter(WorkerMetric.APPLIED, table, shard).increment(committed.accepted());
      for (Rejection rejection : committed.rejections()) {
        rejected(rejection.code()).increment();
      }
    }

    void failed() {
      counter(WorkerMetric.APPLY_FAILURES, table, shard).increment();
    }

    void waits(Exception reason) {
      String code = reason instanceof ShardstreamException known ? known.code().name() : KAFKA;
      counter(WorkerMetric.APPLY_WAITS, table, shard, code).increment();
    }

    @Override
    public void close() {
      meters.forEach(registry::remove);
      meters.clear();
    }
  }
}
