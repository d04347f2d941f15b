package dev.shardstream.streams.topology;

import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.placement.NodeWatch;
import dev.shardstream.streams.state.Cluster;
import java.time.Clock;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Observes the nodes for those who ask, apart from what the coordinator observes. It sees how long
 * a node is silent only as often as it looks. Safe for use by several threads.
 */
final class NodeSight {
  private final Events events;
  private final ControlPlaneConfig config;
  private final ControlMetrics metrics;
  private final Clock clock;
  private final NodeWatch watch;
  private @Nullable Heartbeats heartbeats;

  NodeSight(ControlPlaneConfig config, Events events, ControlMetrics metrics, Clock clock) {
    this.config = config;
    this.events = events;
    this.metrics = metrics;
    this.clock = clock;
    this.watch = new NodeWatch(clock.millis(), config.limits());
  }

  synchronized Cluster look(ReadOnlyKeyValueStore<String, byte[]> store) {
    if (heartbeats == null) {
      heartbeats = new Heartbeats(store, events, config.topics().nodes(), metrics);
    }
    return watch.observe(heartbeats.all(), clock.millis());
  }
}
