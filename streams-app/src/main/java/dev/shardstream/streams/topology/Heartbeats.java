package dev.shardstream.streams.topology;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.MalformedRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the heartbeats; each is decoded once. */
final class Heartbeats {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  private record Decoded(byte[] bytes, List<Node> node) {}

  private final ReadOnlyKeyValueStore<String, byte[]> store;
  private final Deserializer<Node> deserializer;
  private final String topic;
  private final ControlMetrics metrics;
  private Map<String, Decoded> last = new HashMap<>();

  Heartbeats(
      ReadOnlyKeyValueStore<String, byte[]> store,
      Events events,
      String topic,
      ControlMetrics metrics) {
    this.store = store;
    this.deserializer = events.serde(Node.class).deserializer();
    this.topic = topic;
    this.metrics = metrics;
  }

  /** The last heartbeat of every node that can be read. */
  List<Node> all() {
    Map<String, Decoded> now = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> entries = store.all()) {
      while (entries.hasNext()) {
        KeyValue<String, byte[]> entry = entries.next();
        Decoded known = last.get(entry.key);
        Decoded decoded =
            known != null && known.bytes() == entry.value ? known : decode(entry.key, entry.value);
        now.put(entry.key, decoded);
        nodes.addAll(decoded.node());
      }
    }
    last = now;
    return nodes;
  }

  private Decoded decode(String nodeId, byte[] bytes) {
    try {
      return new Decoded(bytes, List.of(deserializer.deserialize(topic, bytes)));
    } catch (MalformedRecordException malformed) {
      LOG.warn("heartbeat.malformed node={} reason={}", nodeId, malformed.getMessage());
      metrics.malformed(topic);
      return new Decoded(bytes, List.of());
    }
  }
}
