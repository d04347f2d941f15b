package dev.shardstream.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final NodeMetrics metrics = new NodeMetrics(registry);

  @Test
  void a_heartbeat_is_shown_by_shard_and_what_it_names_no_more_is_gone() {
    metrics.sent(true);
    metrics.show(
        heartbeat(
            report(
                0, ShardState.APPLYING, new PartitionLag(0, 7L, 10L), new PartitionLag(1, 5L, 5L)),
            report(1, ShardState.FAILED, new PartitionLag(2, 4L, -1L))),
        Map.of(new ShardRef("t-1", 0), 4096L));

    assertThat(shown())
        .containsExactlyInAnyOrder(
            "shardstream_worker_disk_capacity_bytes 100.0",
            "shardstream_worker_disk_free_bytes 10.0",
            "shardstream_worker_heartbeats_total{outcome=\"failed\"} 0.0",
            "shardstream_worker_heartbeats_total{outcome=\"sent\"} 1.0",
            "shardstream_worker_lag_offsets{shard=\"0\",table=\"t-1\"} 3.0",
            "shardstream_worker_position_offset{partition=\"0\",shard=\"0\",table=\"t-1\"} 7.0",
            "shardstream_worker_position_offset{partition=\"1\",shard=\"0\",table=\"t-1\"} 5.0",
            "shardstream_worker_position_offset{partition=\"2\",shard=\"1\",table=\"t-1\"} 4.0",
            "shardstream_worker_shard_bytes{shard=\"0\",table=\"t-1\"} 8192.0",
            "shardstream_worker_shard_bytes{shard=\"1\",table=\"t-1\"} 8192.0",
            "shardstream_worker_shard_failed{shard=\"0\",table=\"t-1\"} 0.0",
            "shardstream_worker_shard_failed{shard=\"1\",table=\"t-1\"} 1.0",
            "shardstream_worker_shard_rows{shard=\"0\",table=\"t-1\"} 12.0",
            "shardstream_worker_shard_rows{shard=\"1\",table=\"t-1\"} 12.0",
            "shardstream_worker_shard_wal_bytes{shard=\"0\",table=\"t-1\"} 4096.0",
            "shardstream_worker_shards{state=\"applying\"} 1.0",
            "shardstream_worker_shards{state=\"copying\"} 0.0",
            "shardstream_worker_shards{state=\"failed\"} 1.0");

    metrics.show(heartbeat(), Map.of());
    assertThat(shown()).noneMatch(line -> line.contains("table="));
  }

  private List<String> shown() {
    return registry.scrape().lines().filter(line -> !line.startsWith("#")).toList();
  }

  private static Node heartbeat(ShardReport... reports) {
    return new Node("n", "i", "http://n", NodeState.UP, 1L, 10L, 100L, List.of(reports));
  }

  private static ShardReport report(int shard, ShardState state, PartitionLag... partitions) {
    return ShardReport.newBuilder()
        .setTableId("t-1")
        .setShardId(shard)
        .setState(state)
        .setSchemaVersion(1)
        .setRows(12)
        .setBytes(8192)
        .setAppliedChanges(12)
        .setPartitions(List.of(partitions))
        .build();
  }
}
