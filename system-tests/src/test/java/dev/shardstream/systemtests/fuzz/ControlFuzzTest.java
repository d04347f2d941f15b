package dev.shardstream.systemtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.topology.ControlMetrics;
import dev.shardstream.streams.topology.ControlTopology;
import dev.shardstream.streams.topology.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The topics of the control plane with records that are no events, and events that make no sense:
 * what is right among them is decided, and nothing that is written is too long for a broker.
 */
class ControlFuzzTest {
  private static final int INPUTS_OF_A_ROUND = 1_000;

  /** A broker's default, less what goes around a record. */
  private static final int MOST_BYTES = 1_000_000;

  private static final List<String> NODES = List.of("a", "b");

  @TempDir Path directory;
  private int rounds;

  @Test
  void what_is_right_is_decided_whatever_stands_between() {
    Fuzz.run("control", 1_000, this::round);
  }

  private long round(Random random) throws Exception {
    String registry = "mock://" + UUID.randomUUID();
    try (Plane plane = new Plane(directory.resolve("round-" + rounds++), registry)) {
      Mangler mangler = new Mangler(random);
      FuzzCommands commands = new FuzzCommands(mangler);
      Map<String, DdlStatus> expected = new HashMap<>();
      for (int i = 0; i < INPUTS_OF_A_ROUND; i++) {
        plane.bad(mangler, commands);
        if (i % 50 == 0) {
          String database = "good" + i;
          plane.send(
              plane.topics.ddlCommands(),
              database,
              plane.encode(plane.topics.ddlCommands(), namespace(database)));
          expected.put(database, DdlStatus.APPLIED);
          plane.driver.advanceWallClockTime(Duration.ofSeconds(mangler.chance(0.1) ? 600 : 1));
        }
      }
      plane.readAll();
      Map<String, DdlStatus> good = new HashMap<>(plane.results);
      good.keySet().retainAll(expected.keySet());
      assertThat(good).isEqualTo(expected);
    }
    return INPUTS_OF_A_ROUND;
  }

  private static DdlCommand namespace(String database) {
    return DdlCommand.newBuilder()
        .setId(database)
        .setDatabase(database)
        .setIssuedBy("fuzz")
        .setOperation(new CreateNamespace(false))
        .build();
  }

  /** A control plane without threads. */
  private static final class Plane implements AutoCloseable {
    private final Topics topics = new Topics("fuzz");
    private final Events events;
    private final TopologyTestDriver driver;
    private final Map<String, DdlStatus> results = new HashMap<>();

    Plane(Path state, String registry) {
      events = new Events(ConfluentRegistry.connect(registry, Duration.ofSeconds(1)));
      ControlPlaneConfig config =
          ControlPlaneConfig.of(
              Map.of(
                  "cluster.name",
                  "fuzz",
                  "bootstrap.servers",
                  "unused:1",
                  "schema.registry.url",
                  registry,
                  "state.dir",
                  state.toString()));
      ControlMetrics metrics = new ControlMetrics(new SimpleMeterRegistry());
      Properties settings = StreamsSettings.of(config, metrics);
      driver =
          new TopologyTestDriver(
              ControlTopology.build(config, events, metrics),
              settings,
              Instant.parse("2026-11-21T08:00:00Z"));
    }

    <T extends SpecificRecordBase> byte[] encode(String topic, T event) {
      @SuppressWarnings("unchecked")
      Class<T> type = (Class<T>) event.getClass();
      return events.serde(type).serializer().serialize(topic, event);
    }

    void bad(Mangler mangler, FuzzCommands commands) {
      String node = mangler.oneOf(NODES);
      switch (Math.abs(mangler.small() % 8)) {
        case 0 -> broken(mangler, topics.taskEvents(), "shop", event(mangler));
        case 1 -> send(topics.taskEvents(), "shop", encode(topics.taskEvents(), event(mangler)));
        case 2 -> broken(mangler, topics.liveQueries(), "shop/q1", commands.liveQuery());
        case 3 -> send(topics.nodes(), node, encode(topics.nodes(), commands.node(node)));
        case 4 -> broken(mangler, topics.ddlCommands(), "shop", commands.command());
        default ->
            send(
                topics.ddlCommands(),
                mangler.chance(0.05) ? mangler.nonsense() : "shop",
                encode(topics.ddlCommands(), commands.command()));
      }
    }

    private void broken(Mangler mangler, String topic, String key, SpecificRecordBase event) {
      byte[] bytes = encode(topic, event);
      send(topic, mangler.chance(0.1) ? mangler.nonsense() : key, mangler.mangled(bytes));
    }

    private static TaskEvent event(Mangler mangler) {
      return TaskEvent.newBuilder()
          .setTaskId(mangler.chance(0.5) ? "shop-orders-1/create-log" : mangler.nonsense())
          .setAttempt(mangler.small())
          .setDatabase(mangler.chance(0.8) ? "shop" : mangler.nonsense())
          .setTableId(mangler.chance(0.8) ? "shop-orders-1" : mangler.nonsense())
          .setReportedBy(mangler.chance(0.8) ? "a" : mangler.nonsense())
          .setIncarnation(mangler.nonsense())
          .setAt(mangler.number())
          .setEvent(
              mangler.oneOf(
                  List.of(
                      new TaskStarted(),
                      new TaskDone(null),
                      new TaskFailed(mangler.nonsense(), mangler.nonsense(), mangler.chance(0.5)))))
          .build();
    }

    void send(String topic, String key, byte[] value) {
      driver
          .createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
          .pipeInput(key, value, 0);
      readAll();
    }

    /** Takes what was written, and looks at how long it is. */
    private void readAll() {
      Deserializer<DdlResult> decoder = events.serde(DdlResult.class).deserializer();
      for (String topic :
          List.of(
              topics.ddlResults(),
              topics.catalog(),
              topics.schemaHistory(),
              topics.topology(),
              topics.reshards(),
              topics.shardTasks(),
              topics.provisionTasks())) {
        driver
            .createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
            .readRecordsToList()
            .forEach(
                record -> {
                  if (record.value() != null) {
                    assertThat(record.value().length).as(topic).isLessThan(MOST_BYTES);
                    if (topic.equals(topics.ddlResults())) {
                      DdlResult result = decoder.deserialize(topic, record.value());
                      results.put(result.getCommandId(), result.getStatus());
                    }
                  }
                });
      }
    }

    @Override
    public void close() {
      driver.close();
    }
  }
}
