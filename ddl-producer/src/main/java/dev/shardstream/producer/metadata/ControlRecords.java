package dev.shardstream.producer.metadata;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.serde.Events;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Folds records of the control topics into snapshots. Used by one thread at a time. */
final class ControlRecords {
  private final Topics topics;
  private final Deserializer<DdlResult> resultDeserializer;
  private final Consumer<DdlResult> results;

  private final Followed<Table> tables;
  private final Followed<Topology> topologies;
  private final Followed<Reshard> reshards;
  private final Followed<Node> nodes;
  private final Followed<Namespace> namespaces;
  private final Followed<LiveQuery> liveQueries;
  private NamedTables named = NamedTables.of(Map.of());

  /**
   * @param results gets every DDL result in the order of its partition
   */
  ControlRecords(Topics topics, Events events, Consumer<DdlResult> results) {
    this.topics = topics;
    this.tables = new Followed<>(events, Table.class);
    this.topologies = new Followed<>(events, Topology.class);
    this.reshards = new Followed<>(events, Reshard.class);
    this.nodes = new Followed<>(events, Node.class);
    this.namespaces = new Followed<>(events, Namespace.class);
    this.liveQueries = new Followed<>(events, LiveQuery.class);
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
      tables.apply(topic, tableIdOf(key), value);
    } else if (topic.equals(topics.topology())) {
      topologies.apply(topic, tableIdOf(key), value);
    } else if (topic.equals(topics.reshards())) {
      reshards.apply(topic, key, value);
    } else if (topic.equals(topics.nodes())) {
      nodes.apply(topic, key, value);
    } else if (topic.equals(topics.namespaces())) {
      namespaces.apply(topic, key, value);
    } else if (topic.equals(topics.liveQueries())) {
      liveQueries.apply(topic, key, value, ControlRecords::staysKilled);
    } else {
      throw new IllegalArgumentException("Not followed: " + topic);
    }
  }

  /** What all records so far make. */
  MetadataSnapshot snapshot() {
    if (tables.hasChanged()) {
      named = NamedTables.of(tables.copy());
    }
    return new MetadataSnapshot(
        named,
        topologies.copy(),
        reshards.copy(),
        nodes.copy(),
        namespaces.copy(),
        liveQueries.copy());
  }

  /** A sign of life that was on its way when the query was killed changes nothing. */
  private static boolean staysKilled(LiveQuery before, LiveQuery now) {
    return before.getState() == LiveQueryState.KILLED;
  }

  private static String tableIdOf(String key) {
    return key.substring(key.indexOf('/') + 1);
  }

  /** The last value of each key of one topic. */
  private static final class Followed<V extends SpecificRecordBase> {
    private final Deserializer<V> deserializer;
    private final Map<String, V> values = new HashMap<>();
    private @Nullable Map<String, V> copy;

    private Followed(Events events, Class<V> type) {
      this.deserializer = events.serde(type).deserializer();
    }

    private void apply(String topic, String key, byte @Nullable [] bytes) {
      apply(topic, key, bytes, (before, now) -> false);
    }

    /**
     * @param keep whether the value before stays in spite of the one that comes
     */
    private void apply(String topic, String key, byte @Nullable [] bytes, BiPredicate<V, V> keep) {
      V value = deserializer.deserialize(topic, bytes);
      V known = values.get(key);
      if (known != null && value != null && keep.test(known, value)) {
        return;
      }
      V before = value == null ? values.remove(key) : values.put(key, value);
      if (before != value) {
        copy = null;
      }
    }

    private boolean hasChanged() {
      return copy == null;
    }

    /** Heartbeats change every second and the catalog hardly ever: it is not copied for them. */
    private Map<String, V> copy() {
      Map<String, V> known = copy;
      if (known == null) {
        known = Map.copyOf(values);
        copy = known;
      }
      return known;
    }
  }
}
