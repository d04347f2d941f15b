package dev.shardstream.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.coordinator.Commands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** What Kafka Streams does to a processor that {@code TopologyTestDriver} cannot do. */
class ControlProcessorTest {
  private final MockProcessorContext<String, SpecificRecordBase> context =
      new MockProcessorContext<>();
  private final KeyValueStore<String, byte[]> state = store(ControlTopology.STATE);
  private final KeyValueStore<String, byte[]> heartbeats = store(ControlTopology.HEARTBEATS);
  private final Events events =
      new Events(ConfluentRegistry.connect("mock://control-processor", Duration.ofSeconds(1)));

  /** TaskCorruptedException: the store is restored, the processor is closed and begins again. */
  @Test
  void what_an_aborted_transaction_decided_is_decided_again() {
    ControlProcessor processor = started();
    processor.process(command());
    Set<String> decided = keys();
    assertThat(decided).contains("shop/NAMESPACE/shop");

    processor.close();
    decided.forEach(state::delete);
    processor.init(context);
    processor.process(command());

    assertThat(keys()).isEqualTo(decided);
  }

  /** Records that waited while the process was paused come before the tick that is due. */
  @Test
  void nothing_is_decided_by_what_was_seen_of_nodes_before_a_pause() {
    ControlProcessor processor = started();
    processor.process(command());
    tick(1_200);
    heartbeat("a", 1_300);
    heartbeat("b", 1_300);
    tick(1_400);
    processor.process(create("c1", 3));
    assertThat(answers()).containsExactly("APPLIED", "REJECTED TOO_FEW_NODES");

    context.setCurrentSystemTimeMs(121_400);
    processor.process(create("c2", 3));

    assertThat(answers()).as("who was not heard of may be there").containsExactly("PENDING");
  }

  private void tick(long now) {
    context.setCurrentSystemTimeMs(now);
    context.scheduledPunctuators().get(0).getPunctuator().punctuate(now);
  }

  private void heartbeat(String node, long at) {
    String topic = new Topics("test").nodes();
    byte[] bytes =
        events
            .serde(Node.class)
            .serializer()
            .serialize(
                topic,
                new Node(node, node + "-1", "http://" + node, NodeState.UP, at, 1L, 1L, List.of()));
    heartbeats.put(node, bytes);
  }

  private Record<String, SpecificRecordBase> create(String id, int replicas) {
    return new Record<>(
        "shop", Commands.of(id, Commands.table("orders", 1).setReplicas(replicas).build()), 0);
  }

  /** What was answered since this was asked last. */
  private List<String> answers() {
    List<String> answers =
        context.forwarded().stream()
            .map(forwarded -> forwarded.record().value())
            .filter(DdlResult.class::isInstance)
            .map(DdlResult.class::cast)
            .map(
                result ->
                    (result.getStatus() + " " + Objects.toString(result.getCode(), "")).strip())
            .toList();
    context.resetForwards();
    return answers;
  }

  private ControlProcessor started() {
    state.init(context.getStateStoreContext(), state);
    heartbeats.init(context.getStateStoreContext(), heartbeats);
    KeyValueStore<String, byte[]> traces = store(ControlTopology.TRACES);
    traces.init(context.getStateStoreContext(), traces);
    context.setCurrentSystemTimeMs(1_000);
    ControlProcessor processor = processor();
    processor.init(context);
    return processor;
  }

  private ControlProcessor processor() {
    ControlPlaneConfig config =
        ControlPlaneConfig.of(
            Map.of(
                "cluster.name", "test",
                "bootstrap.servers", "unused:1",
                "schema.registry.url", "mock://control-processor",
                "state.dir", "unused"));
    return new ControlProcessor(config, events, new ControlMetrics(new SimpleMeterRegistry()));
  }

  private Record<String, SpecificRecordBase> command() {
    context.setRecordMetadata(new Topics("test").ddlCommands(), 0, 0);
    return new Record<>("shop", Commands.of("namespace", new CreateNamespace(false)), 0);
  }

  private Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    try (KeyValueIterator<String, byte[]> all = state.all()) {
      all.forEachRemaining(entry -> keys.add(entry.key));
    }
    return keys;
  }

  private static KeyValueStore<String, byte[]> store(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
        .withLoggingDisabled()
        .build();
  }
}
