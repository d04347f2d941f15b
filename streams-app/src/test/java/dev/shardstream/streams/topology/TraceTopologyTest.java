package dev.shardstream.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.coordinator.Commands;
import dev.shardstream.streams.coordinator.FakeNodes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command came with goes on with all that is published for it, and decides nothing. */
class TraceTopologyTest {
  private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final TraceContext CREATED = TraceContext.of("invoice-17");
  private static final TraceContext RESHARDED =
      new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", PARENT, "vendor=1");

  @TempDir Path directory;

  @Test
  void everything_done_for_a_command_has_its_context_whatever_set_it_going() {
    try (World world = new World(directory.resolve("traced"))) {
      world.everything(CREATED, RESHARDED);

      assertThat(world.resultsFor("create")).containsOnly(CREATED);
      assertThat(world.resultsFor("alter")).as("it brought nothing").containsOnly(own("alter"));
      assertThat(world.resultsFor("reshard")).containsOnly(RESHARDED);
      assertThat(world.of(ProvisionTask.class, t -> t.getTaskId().endsWith("/log/create")))
          .containsOnly(CREATED);
      assertThat(world.of(ShardTask.class, t -> t.getChangeLogId() == null)).containsOnly(CREATED);
      assertThat(world.of(ProvisionTask.class, t -> t.getTaskId().endsWith("/register")))
          .containsOnly(own("alter"));
      assertThat(world.of(Table.class, t -> t.getSchemaVersion() == 1)).containsOnly(CREATED);
      assertThat(world.of(Table.class, t -> t.getSchemaVersion() == 2)).containsOnly(own("alter"));
      assertThat(world.of(SchemaVersion.class, v -> v.getVersion() == 2))
          .containsOnly(own("alter"));
      assertThat(world.of(Reshard.class, r -> true)).containsOnly(RESHARDED);
      assertThat(world.of(ProvisionTask.class, t -> t.getTaskId().endsWith("/write")))
          .containsOnly(RESHARDED);
      assertThat(world.of(ShardTask.class, t -> t.getChangeLogId() != null))
          .containsOnly(RESHARDED);
      assertThat(world.ended("reshard")).as("the last task is dropped shards").isTrue();
    }
  }

  @Test
  void nothing_is_decided_by_it() {
    List<SpecificRecordBase> traced;
    try (World world = new World(directory.resolve("traced"))) {
      world.everything(CREATED, RESHARDED);
      traced = world.values();
    }
    try (World world = new World(directory.resolve("plain"))) {
      world.everything(null, null);
      assertThat(world.values()).isEqualTo(traced);
      assertThat(world.resultsFor("create")).containsOnly(own("create"));
    }
  }

  private static TraceContext own(String commandId) {
    return TraceContext.of(commandId);
  }

  /** The topology, whose nodes answer without any headers: it has to know by itself. */
  private static final class World implements AutoCloseable {
    private final Topics topics = new Topics("test");
    private final FakeNodes nodes = new FakeNodes("a", "b");
    private final List<TestRecord<String, SpecificRecordBase>> published = new ArrayList<>();
    private final Events events =
        new Events(ConfluentRegistry.connect("mock://traces", Duration.ofSeconds(1)));
    private final TopologyTestDriver driver;
    private long now = START.toEpochMilli();

    World(Path directory) {
      ControlPlaneConfig config =
          ControlPlaneConfig.of(
              Map.of(
                  "cluster.name", "test",
                  "bootstrap.servers", "unused:1",
                  "schema.registry.url", "mock://traces",
                  "state.dir", directory.toString()));
      ControlMetrics metrics = new ControlMetrics(new SimpleMeterRegistry());
      driver =
          new TopologyTestDriver(
              ControlTopology.build(config, events, metrics),
              StreamsSettings.of(config, metrics),
              START);
    }

    /** A table is created, altered while it is being created, and resharded. */
    void everything(TraceContext created, TraceContext resharded) {
      send(Commands.of("namespace", new CreateNamespace(false)), null);
      send(Commands.create("create", "orders", 2), created);
      send(
          Commands.alter(
              "alter",
              "orders",
              new AddColumn(new ColumnDefinition("extra", TypeName.TEXT, null, true, null), false)),
          null);
      runFor(Duration.ofSeconds(5));
      send(Commands.reshard("reshard", "orders", 3), resharded);
      runFor(Duration.ofSeconds(20));
    }

    private void send(DdlCommand command, TraceContext trace) {
      RecordHeaders headers = new RecordHeaders();
      Optional.ofNullable(trace).ifPresent(t -> TraceHeaders.write(t, headers));
      input(topics.ddlCommands(), DdlCommand.class)
          .pipeInput(new TestRecord<>("shop", command, headers, Instant.ofEpochMilli(now)));
    }

    private void runFor(Duration duration) {
      for (long end = now + duration.toMillis(); now < end; ) {
        now += 200;
        nodes
            .heartbeats(now)
            .forEach(node -> input(topics.nodes(), Node.class).pipeInput(node.getNodeId(), node));
        driver.advanceWallClockTime(Duration.ofMillis(200));
        List<TaskEvent> answers = new ArrayList<>();
        read(topics.provisionTasks(), ProvisionTask.class)
            .forEach(task -> answers.addAll(nodes.perform(task)));
        read(topics.shardTasks(), ShardTask.class)
            .forEach(task -> answers.addAll(nodes.perform(task)));
        read(topics.catalog(), Table.class).forEach(table -> answers.addAll(nodes.catalog(table)));
        read(topics.ddlResults(), DdlResult.class);
        read(topics.reshards(), Reshard.class);
        read(topics.schemaHistory(), SchemaVersion.class);
        TestInputTopic<String, TaskEvent> reports = input(topics.taskEvents(), TaskEvent.class);
        answers.forEach(answer -> reports.pipeInput("shop", answer, now));
      }
    }

    private <T extends SpecificRecordBase> List<T> read(String topic, Class<T> type) {
      List<TestRecord<String, T>> records =
          driver
              .createOutputTopic(topic, new StringDeserializer(), events.serde(type).deserializer())
              .readRecordsToList();
      records.forEach(r -> published.add(new TestRecord<>(r.key(), r.value(), r.headers())));
      return records.stream().map(TestRecord::value).toList();
    }

    private <T extends SpecificRecordBase> TestInputTopic<String, T> input(
        String topic, Class<T> type) {
      return driver.createInputTopic(
          topic, new StringSerializer(), events.serde(type).serializer());
    }

    Set<TraceContext> resultsFor(String commandId) {
      return of(DdlResult.class, result -> result.getCommandId().equals(commandId));
    }

    /** The contexts of what was published of a kind. */
    <T> Set<TraceContext> of(Class<T> type, Predicate<T> wanted) {
      return published.stream()
          .filter(r -> type.isInstance(r.value()) && wanted.test(type.cast(r.value())))
          .map(r -> TraceHeaders.read(r.headers()).orElseThrow())
          .collect(Collectors.toSet());
    }

    boolean ended(String commandId) {
      return published.stream()
          .map(TestRecord::value)
          .anyMatch(
              value ->
                  value instanceof DdlResult result
                      && result.getCommandId().equals(commandId)
                      && result.getStatus() == DdlStatus.APPLIED);
    }

    List<SpecificRecordBase> values() {
      return published.stream().<SpecificRecordBase>map(TestRecord::value).toList();
    }

    @Override
    public void close() {
      driver.close();
    }
  }
}
