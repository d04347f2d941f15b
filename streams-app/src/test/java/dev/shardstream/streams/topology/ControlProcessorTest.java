package dev.shardstream.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.coordinator.Commands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
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

  /** TaskCorruptedException: the store is restored, the processor is closed and begins again. */
  @Test
  void what_an_aborted_transaction_decided_is_decided_again() {
    KeyValueStore<String, byte[]> heartbeats = store(ControlTopology.HEARTBEATS);
    ControlProcessor processor = processor();
    state.init(context.getStateStoreContext(), state);
    heartbeats.init(context.getStateStoreContext(), heartbeats);
    KeyValueStore<String, byte[]> traces = store(ControlTopology.TRACES);
    traces.init(context.getStateStoreContext(), traces);
    context.setCurrentSystemTimeMs(1_000);
    processor.init(context);
    processor.process(command());
    Set<String> decided = keys();
    assertThat(decided).contains("shop/NAMESPACE/shop");

    processor.close();
    decided.forEach(state::delete);
    processor.init(context);
    processor.process(command());

    assertThat(keys()).isEqualTo(decided);
  }

  private static ControlProcessor processor() {
    ControlPlaneConfig config =
        ControlPlaneConfig.of(
            Map.of(
                "cluster.name", "test",
                "bootstrap.servers", "unused:1",
                "schema.registry.url", "mock://control-processor",
                "state.dir", "unused"));
    Events events =
        new Events(ConfluentRegistry.connect("mock://control-processor", Duration.ofSeconds(1)));
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
