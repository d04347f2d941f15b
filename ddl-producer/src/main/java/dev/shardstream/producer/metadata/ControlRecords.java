package dev.shardstream.producer.metadata;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.serde.Events;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Folds records of the control topics into snapshots. Used by one thread at a time. */
final class ControlRecords {
  private final Topics topics;
  private final Deserializer<Table> tableDeserializer;
  private final Deserializer<Topology> topologyDeserializer;
  private final Deserializer<Reshard> reshardDeserializer;
  private final Deserializer<Node> nodeDeserializer;
  private final Deserializer<DdlResult> resultDeserializer;
  private final Consumer<DdlResult> results;

  private final Map<String, Table> tables = new HashMap<>();
  private final Map<String, Topology> topologies = new HashMap<>();
  private final Map<String, Reshard> reshards = new HashMap<>();
  private final Map<String, Node> nodes = new HashMap<>();
  private MetadataSnapshot snapshot = MetadataSnapshot.EMPTY;

  /**
   * @param results gets every DDL result in the order of its partition
   */
  ControlRecords(Topics topics, Events events, Consumer<DdlResult> results) {
    this.topics = topics;
    this.tableDeserializer = events.serde(Table.class).deserializer();
    this.topologyDeserializer = events.serde(Topology.class).deserializer();
    this.reshardDeserializer = events.serde(Reshard.class).deserializer();
    this.nodeDeserializer = events.serde(Node.class).deserializer();
    this.resultDeserializer = events.serde(DdlResult.class).deserializer();
    this.results = results;
  }

  /**
   * Takes one record.
   *
   * @param key of the record, as text
   * @param value bytes of its value; null removes the key
   * @throws dev.shardstream.schemas.serde.MalformedRecordException when it cannot be read
   * @throws dev.shardstream.schemas.contract.ShardstreamException REGISTRY_UNREACHABLE
   */
  void apply(String topic, String key, byte @Nullable [] value) {
    if (topic.equals(topics.ddlResults())) {
      if (value != null) {
        results.accept(resultDeserializer.deserialize(topic, value));
      }
    } else if (topic.equals(topics.catalog())) {
      put(tables, tableIdOf(key), tableDeserializer.deserialize(topic, value));
    } else if (topic.equals(topics.topology())) {
      put(topologies, tableIdOf(key), topologyDeserializer.deserialize(topic, value));
    } else if (topic.equals(topics.reshards())) {
      put(reshards, key, reshardDeserializer.deserialize(topic, value));
    } else if (topic.equals(topics.nodes())) {
      put(nodes, key, nodeDeserializer.deserialize(topic, value));
    } else {
      throw new IllegalArgumentException("Not followed: " + topic);
    }
  }

  /** What all records so far make. */
  MetadataSnapshot snapshot() {
    snapshot =
        new MetadataSnapshot(
            kept(snapshot.tablesById(), tables),
            kept(snapshot.topologies(), topologies),
            kept(snapshot.reshards(), reshards),
            kept(snapshot.nodes(), nodes));
    return snapshot;
  }

  /** Heartbeats change every second and the catalog hardly ever: it is not copied for them. */
  private static <V> Map<String, V> kept(Map<String, V> before, Map<String, V> now) {
    boolean same =
        before.size() == now.size()
            && now.entrySet().stream().allMatch(e -> before.get(e.getKey()) == e.getValue());
    return same ? before : Map.copyOf(now);
  }

  private static <V> void put(Map<String, V> map, String key, @Nullable V value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  private static String tableIdOf(String key) {
    return key.substring(key.indexOf('/') + 1);
  }
}
