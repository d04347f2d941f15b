package dev.shardstream.worker.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ApplyMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ApplyMetrics metrics = new ApplyMetrics(registry);

  @Test
  void a_shard_that_has_done_nothing_shows_that_it_has() {
    metrics.of(new ShardRef("t-1", 3));

    assertThat(counters())
        .isEqualTo(
            Map.of(
                "shardstream_worker_applied_changes_total{shard=3, table=t-1}", 0.0,
                "shardstream_worker_apply_failures_total{shard=3, table=t-1}", 0.0,
                "shardstream_worker_rejected_changes_total{code=POISON, shard=3, table=t-1}", 0.0));
  }

  @Test
  void what_was_accepted_refused_and_waited_for_is_counted_by_shard_until_it_is_closed() {
    try (ApplyMetrics.OfShard shard = metrics.of(new ShardRef("t-1", 3))) {
      ApplyMetrics.OfShard other = metrics.of(new ShardRef("t-1", 4));
      shard.committed(
          new SegmentWriter.Committed(
              5, List.of(refused("NOT_FOUND"), refused("POISON"), refused("NOT_FOUND"))),
          Duration.ofMillis(20));
      other.committed(new SegmentWriter.Committed(2, List.of()), Duration.ofMillis(10));
      shard.failed();
      shard.waits(new ShardstreamException(ErrorCode.REGISTRY_UNREACHABLE, "http://r", 1));
      shard.waits(new TimeoutException("no broker"));

      assertThat(counters())
          .containsAllEntriesOf(
              Map.of(
                  "shardstream_worker_applied_changes_total{shard=3, table=t-1}",
                  5.0,
                  "shardstream_worker_applied_changes_total{shard=4, table=t-1}",
                  2.0,
                  "shardstream_worker_apply_failures_total{shard=3, table=t-1}",
                  1.0,
                  "shardstream_worker_apply_waits_total{reason=KAFKA, shard=3, table=t-1}",
                  1.0,
                  "shardstream_worker_apply_waits_total{reason=REGISTRY_UNREACHABLE, shard=3,"
                      + " table=t-1}",
                  1.0,
                  "shardstream_worker_rejected_changes_total{code=NOT_FOUND, shard=3, table=t-1}",
                  2.0,
                  "shardstream_worker_rejected_changes_total{code=POISON, shard=3, table=t-1}",
                  1.0));
      assertThat(registry.get("shardstream_worker_apply_commit_seconds").timer().count())
          .isEqualTo(2);
    }
    assertThat(counters().keySet()).isNotEmpty().allMatch(name -> name.contains("shard=4"));
  }

  private static Rejection refused(String code) {
    return new Rejection(0, 1, 2, code, "no", 3);
  }

  private Map<String, Double> counters() {
    return registry.getMeters().stream()
        .filter(Counter.class::isInstance)
        .map(Counter.class::cast)
        .collect(
            Collectors.toMap(
                counter ->
                    counter.getId().getName()
                        + counter.getId().getTags().stream()
                            .map(tag -> tag.getKey() + "=" + tag.getValue())
                            .collect(Collectors.joining(", ", "{", "}")),
                Counter::count,
                Double::sum,
                TreeMap::new));
  }
}
