package dev.shardstream.streams.topology;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.config.ControlPlaneConfig;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology, as the data flows:
 *
 * <pre>
 * ddl-commands ─┐                       ┌─ catalog, schema-history, topology, reshards, namespaces
 * task-events ──┼─ coordinator (state) ─┼─ ddl-results
 * live-queries ─┘        │              └─ shard-tasks, provision-tasks
 * nodes ── every process's copy of the heartbeats
 * </pre>
 *
 * Commands and task events are keyed by database, live queries are partitioned by it, and all have
 * equally many partitions, so that all of a database meets in one task. Beside the state there is a
 * store of the trace contexts that commands came with.
 */
public final class ControlTopology {
  static final String STATE = "state";
  static final String TRACES = "traces";
  static final String HEARTBEATS = "heartbeats";

  private ControlTopology() {}

  public static Topology build(ControlPlaneConfig config, Events events, ControlMetrics metrics) {
    Topics topics = config.topics();
    Topology topology = new Topology();
    topology.addGlobalStore(
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(HEARTBEATS), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled(),
        "nodes",
        Serdes.String().deserializer(),
        Serdes.ByteArray().deserializer(),
        topics.nodes(),
        "heartbeats-store",
        HeartbeatStore::new);
    topology.addSource(
        AutoOffsetReset.earliest(),
        "commands",
        new StringDeserializer(),
        events.serde(DdlCommand.class).deserializer(),
        topics.ddlCommands());
    topology.addSource(
        AutoOffsetReset.earliest(),
        "task-events",
        new StringDeserializer(),
        events.serde(TaskEvent.class).deserializer(),
        topics.taskEvents());
    topology.addSource(
        AutoOffsetReset.earliest(),
        "live-queries",
        new StringDeserializer(),
        events.serde(LiveQuery.class).deserializer(),
        topics.liveQueries());
    topology.addProcessor(
        "coordinator",
        () -> new ControlProcessor(config, events, metrics),
        "commands",
        "task-events",
        "live-queries");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(STATE), Serdes.String(), Serdes.ByteArray()),
        "coordinator");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(TRACES), Serdes.String(), Serdes.ByteArray()),
        "coordinator");
    for (Publication.Sink sink : Publication.Sink.values()) {
      topology.addSink(
          sink.name(),
          sink.topic.apply(topics),
          new StringSerializer(),
          widened(events.serde(sink.type)).serializer(),
          "coordinator");
    }
    return topology;
  }

  /** Each sink is only ever given its own type. */
  @SuppressWarnings("unchecked")
  private static Serde<SpecificRecordBase> widened(Serde<? extends SpecificRecordBase> serde) {
    return (Serde<SpecificRecordBase>) serde;
  }
}
