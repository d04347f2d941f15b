package dev.shardstream.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.CreateNamespace;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropNamespace;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.Namespace;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.streams.config.ControlPlaneConfig;
import dev.shardstream.streams.coordinator.Commands;
import dev.shardstream.streams.coordinator.FakeNodes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology with everything around it played by {@link FakeNodes}. */
class ControlTopologyTest {
  private static final String TABLE = "shop-orders-1";

  @TempDir Path directory;

  private final Topics topics = new Topics("test");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeNodes nodes = new FakeNodes("a", "b");
  private final List<DdlStatus> results = new ArrayList<>();
  private final Map<String, Table> catalog = new HashMap<>();
  private final Map<String, dev.shardstream.schemas.event.Topology> topologies = new HashMap<>();
  private final List<Reshard> reshards = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final List<ProvisionTask> provisioning = new ArrayList<>();
  private final List<ShardTask> tasks = new ArrayList<>();
  private Events events;
  private TopologyTestDriver driver;
  private long now = Instant.parse("2026-11-21T08:00:00Z").toEpochMilli();

  @BeforeEach
  void start() {
    events =
        new Events(ConfluentRegistry.connect("mock://control-topology", Duration.ofSeconds(1)));
    driver = newDriver();
    send(Commands.of("namespace", new CreateNamespace(false)));
    readResults();
    assertThat(results).containsExactly(DdlStatus.APPLIED);
    results.clear();
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void a_table_is_active_when_its_log_and_all_its_shards_are_there() {
    send(Commands.create("c1", "orders", 3));
    runFor(Duration.ofSeconds(5));

    assertThat(results)
        .containsExactly(
            DdlStatus.PENDING, DdlStatus.PENDING, DdlStatus.ACCEPTED, DdlStatus.APPLIED);
    assertThat(catalog.get("shop/" + TABLE).getStatus()).isEqualTo(TableStatus.ACTIVE);
    assertThat(topologies.get("shop/" + TABLE).getShards())
        .extracting(
            Shard::getId, Shard::getNodeId, Shard::getStatus, s -> s.getVirtualShards().size())
        .containsExactly(
            tuple(0, "a", ShardStatus.ACTIVE, 85),
            tuple(1, "b", ShardStatus.ACTIVE, 85),
            tuple(2, "a", ShardStatus.ACTIVE, 86));
    assertThat(nodes.shards()).containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/1", TABLE + "/2");
  }

  @Test
  void a_dropped_table_leaves_nothing_behind() {
    send(Commands.create("c1", "orders", 2));
    runFor(Duration.ofSeconds(5));
    send(Commands.drop("c2", "orders"));
    runFor(Duration.ofSeconds(5));

    assertThat(results).endsWith(DdlStatus.ACCEPTED, DdlStatus.APPLIED);
    assertThat(catalog).containsOnlyKeys("shop/" + TABLE).containsValue(null);
    assertThat(topologies).containsOnlyKeys("shop/" + TABLE).containsValue(null);
    assertThat(nodes.shards()).isEmpty();
  }

  @Test
  void a_reshard_goes_through_every_phase_to_fresh_shards() {
    send(Commands.create("c1", "orders", 2));
    runFor(Duration.ofSeconds(5));
    send(Commands.reshard("c2", "orders", 3));
    runFor(Duration.ofSeconds(20));

    assertCompleted();
  }

  @Test
  void a_reshard_goes_on_where_it_was_when_the_state_is_read_back_in_the_middle() {
    send(Commands.create("c1", "orders", 2));
    runFor(Duration.ofSeconds(5));
    send(Commands.reshard("c2", "orders", 3));
    for (int restart = 0; restart < 30; restart++) {
      runFor(Duration.ofMillis(600));
      restart();
    }
    runFor(Duration.ofSeconds(10));

    assertCompleted();
  }

  @Test
  void a_control_plane_that_was_away_itself_takes_nobody_for_lost() {
    send(Commands.create("c1", "orders", 2));
    runFor(Duration.ofSeconds(5));
    send(Commands.reshard("c2", "orders", 3));
    runFor(Duration.ofMillis(600));
    assertThat(reshards.get(reshards.size() - 1).getStatus()).isEqualTo(ReshardStatus.VERIFYING);

    now += Duration.ofMinutes(2).toMillis();
    driver.advanceWallClockTime(Duration.ofMinutes(2));
    runFor(Duration.ofSeconds(30));

    assertCompleted();
  }

  @Test
  void a_reshard_is_controlled_though_the_state_is_read_back_after_every_verb() {
    send(Commands.create("c1", "orders", 2));
    runFor(Duration.ofSeconds(5));
    send(Commands.reshard("c2", "orders", 3, new ReshardOptions(500L, 60_000L, true, false)));
    results.clear();
    sendAndRestart(Commands.control("c3", "shop-r1", ReshardVerb.PAUSE));
    sendAndRestart(Commands.throttle("c4", "shop-r1", 70, 1_000L));
    sendAndRestart(Commands.control("c5", "shop-r1", ReshardVerb.RESUME));
    sendAndRestart(Commands.control("c6", "shop-r1", ReshardVerb.SWITCH));
    runFor(Duration.ofSeconds(10));
    sendAndRestart(Commands.control("c7", "shop-r1", ReshardVerb.ROLLBACK));
    sendAndRestart(Commands.control("c8", "shop-r1", ReshardVerb.COMPLETE));
    runFor(Duration.ofSeconds(5));

    assertThat(reshards.get(reshards.size() - 1).getStatus()).isEqualTo(ReshardStatus.ROLLED_BACK);
    assertThat(topologies.get("shop/" + TABLE).getEpoch()).isEqualTo(3);
    assertThat(nodes.shards()).containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/1");
    sendAndRestart(Commands.control("c9", "shop-r1", ReshardVerb.RETRY));
    runFor(Duration.ofSeconds(10));
    sendAndRestart(Commands.control("c10", "shop-r2", ReshardVerb.CANCEL));
    assertThat(reshards.get(reshards.size() - 1).getRetryOf()).isEqualTo("shop-r1");
    assertThat(reshards.get(reshards.size() - 1).getStatus()).isEqualTo(ReshardStatus.CANCELLED);
    assertThat(state().get("shop/RESHARD/shop-r1")).as("it is remembered").isNotNull();
  }

  private void sendAndRestart(DdlCommand command) {
    send(command);
    restart();
    runFor(Duration.ofSeconds(1));
  }

  @Test
  void a_table_is_altered_and_indexed_though_the_state_is_read_back_after_every_step() {
    send(Commands.create("c1", "orders", 2));
    runFor(Duration.ofSeconds(5));
    results.clear();
    send(Commands.alter("c2", "orders", new AlterColumnNullability("note", false, false)));
    runWithRestarts();
    send(Commands.index("c3", "by_note", true, "note", "id"));
    runWithRestarts();
    send(Commands.alter("c4", "orders", new DropColumn("note", false, true)));
    runWithRestarts();

    assertThat(results)
        .containsExactly(
            DdlStatus.PENDING,
            DdlStatus.PENDING,
            DdlStatus.ACCEPTED,
            DdlStatus.APPLIED,
            DdlStatus.ACCEPTED,
            DdlStatus.APPLIED,
            DdlStatus.PENDING,
            DdlStatus.PENDING,
            DdlStatus.ACCEPTED,
            DdlStatus.APPLIED);
    assertThat(history)
        .containsExactly(
            "1 CREATE TABLE", "2 ALTER COLUMN note SET NOT NULL", "3 DROP COLUMN note CASCADE");
    Table table = catalog.get("shop/" + TABLE);
    assertThat(table.getSchemaVersion()).isEqualTo(3);
    assertThat(table.getColumns()).extracting(Column::getName).containsExactly("id");
    assertThat(table.getIndexes()).isEmpty();
  }

  @Test
  void a_drain_goes_on_and_its_node_stays_drained_though_the_state_is_read_back() {
    send(Commands.create("c1", "orders", 4));
    runFor(Duration.ofSeconds(5));
    send(Commands.of("c2", new DrainNode("b")));
    for (int restart = 0; restart < 20; restart++) {
      runFor(Duration.ofSeconds(1));
      restart();
    }
    assertThat(results).endsWith(DdlStatus.APPLIED);
    send(Commands.reshard("c3", "orders", 2));
    runFor(Duration.ofSeconds(20));

    assertThat(topologies.get("shop/" + TABLE).getShards())
        .extracting(Shard::getId, Shard::getNodeId, Shard::getStatus)
        .containsExactly(tuple(6, "a", ShardStatus.ACTIVE), tuple(7, "a", ShardStatus.ACTIVE));
    assertThat(state().get("shop/DRAINED_NODE/b")).isNotNull();
    assertThat(state().get("shop/MOVEMENT/c2")).isNull();
    send(Commands.of("c4", new UndrainNode("b")));
    assertThat(state().get("shop/DRAINED_NODE/b")).isNull();
  }

  private void runWithRestarts() {
    for (int restart = 0; restart < 12; restart++) {
      runFor(Duration.ofMillis(200));
      restart();
    }
  }

  @Test
  void a_record_that_is_no_command_is_counted_and_passed_over() {
    driver
        .createInputTopic(
            topics.ddlCommands(),
            new StringSerializer(),
            new org.apache.kafka.common.serialization.ByteArraySerializer())
        .pipeInput("shop", new byte[] {1, 2, 3});
    send(Commands.create("c1", "orders", 1));
    runFor(Duration.ofSeconds(5));

    assertThat(catalog.get("shop/" + TABLE).getStatus()).isEqualTo(TableStatus.ACTIVE);
    assertThat(
            meters
                .counter(
                    "shardstream_streams_malformed_records_total", "topic", topics.ddlCommands())
                .count())
        .isEqualTo(1);
  }

  @Test
  void a_namespace_is_published_until_it_is_dropped_also_after_a_restart() {
    restart();
    send(Commands.of("again", new CreateNamespace(true)));
    send(Commands.of("drop", new DropNamespace(false)));
    send(Commands.create("c1", "orders", 1));
    readResults();

    assertThat(results).containsExactly(DdlStatus.APPLIED, DdlStatus.APPLIED, DdlStatus.REJECTED);
    assertThat(records(topics.namespaces(), Namespace.class))
        .containsExactly(new KeyValue<>("shop", null));
  }

  @Test
  void a_live_query_that_falls_silent_is_forgotten_also_after_a_restart() {
    LiveQuery query =
        LiveQuery.newBuilder()
            .setId("q1")
            .setDatabase("shop")
            .setTableId(TABLE)
            .setTable("orders")
            .setSql("SELECT id FROM orders")
            .setColumns(List.of(1))
            .setState(LiveQueryState.ACTIVE)
            .setIssuedBy("test")
            .setStartedAt(now)
            .setHeartbeatAt(now)
            .build();
    input(topics.liveQueries(), LiveQuery.class).pipeInput("shop/q1", query, now);
    input(topics.liveQueries(), LiveQuery.class).pipeInput("shop/q2", null, now);
    restart();

    runFor(Duration.ofSeconds(9));
    assertThat(state().get("shop/LIVE_QUERY/q1")).isNotNull();
    runFor(Duration.ofSeconds(2));
    assertThat(state().get("shop/LIVE_QUERY/q1")).isNull();
  }

  @Test
  void what_the_api_reads_is_what_was_published() {
    send(Commands.create("c1", "orders", 2));
    runFor(Duration.ofSeconds(5));
    send(Commands.reshard("c2", "orders", 3));
    runFor(Duration.ofSeconds(20));
    StateReader reader = new StateReader(state(), events);

    assertThat(reader.databases()).containsExactly("shop");
    assertThat(reader.exists("shop") && reader.exists("default") && !reader.exists("sho")).isTrue();
    assertThat(reader.all("shop", Table.class)).isEqualTo(List.copyOf(catalog.values()));
    assertThat(reader.all("shop", dev.shardstream.schemas.event.Topology.class))
        .isEqualTo(List.copyOf(topologies.values()));
    assertThat(reader.all("shop", Reshard.class))
        .isEqualTo(reshards.subList(reshards.size() - 1, reshards.size()));
    assertThat(reader.all("shop", DdlResult.class))
        .extracting(DdlResult::getCommandId, DdlResult::getStatus)
        .containsExactly(
            tuple("c1", DdlStatus.APPLIED),
            tuple("c2", DdlStatus.APPLIED),
            tuple("namespace", DdlStatus.APPLIED));
    assertThat(reader.find("shop", DdlResult.class, "c2")).isPresent();
    assertThat(reader.find("shop", DdlResult.class, "c")).isEmpty();
    assertThat(reader.all("sho", Table.class)).isEmpty();
  }

  @Test
  void what_runs_and_who_is_there_is_measured_and_gone_when_it_has_ended() {
    send(Commands.create("c1", "orders", 2));
    runFor(Duration.ofSeconds(5));
    send(Commands.reshard("c2", "orders", 3, new ReshardOptions(null, null, true, false)));
    runFor(Duration.ofSeconds(20));

    assertThat(gauges())
        .containsAllEntriesOf(
            Map.of(
                "shardstream_streams_commands_pending",
                1.0,
                "shardstream_streams_nodes up",
                2.0,
                "shardstream_streams_nodes lost",
                0.0,
                "shardstream_streams_shards active",
                2.0,
                "shardstream_streams_shards pending",
                3.0,
                "shardstream_streams_shards_without_node",
                0.0,
                "shardstream_streams_reshards_running verifying",
                1.0,
                "shardstream_streams_reshard_compared_virtual_shards reshard " + TABLE,
                256.0,
                "shardstream_streams_reshard_copied_virtual_shards reshard " + TABLE,
                256.0,
                "shardstream_streams_reshard_idle_seconds reshard verifying " + TABLE,
                0.0));
    assertThat(gauges().get("shardstream_streams_command_oldest_pending_seconds"))
        .isBetween(15.0, 20.0);

    send(Commands.control("c3", "shop-r1", ReshardVerb.CANCEL));
    runFor(Duration.ofSeconds(5));
    assertThat(gauges().keySet()).noneMatch(name -> name.endsWith(TABLE));
    assertThat(
            meters
                .get("shardstream_streams_command_seconds")
                .tags("operation", "RESHARD_TABLE", "outcome", "rejected")
                .timer()
                .totalTime(TimeUnit.SECONDS))
        .isBetween(20.0, 21.0);
    assertThat(
            meters
                .get("shardstream_streams_command_rejections_total")
                .tag("code", "RESHARD_CANCELLED")
                .counter()
                .count())
        .isEqualTo(1);
  }

  /** By name and values of labels. */
  private Map<String, Double> gauges() {
    return meters.getMeters().stream()
        .filter(Gauge.class::isInstance)
        .map(Gauge.class::cast)
        .collect(
            Collectors.toMap(
                gauge ->
                    Stream.concat(
                            Stream.of(gauge.getId().getName()),
                            gauge.getId().getTags().stream().map(Tag::getValue))
                        .collect(Collectors.joining(" ")),
                Gauge::value));
  }

  private void assertCompleted() {
    Reshard last = reshards.get(reshards.size() - 1);
    assertThat(last.getPhases())
        .extracting(ReshardPhase::getStatus)
        .as("a process that has just started knows no lag and may replay again")
        .startsWith(
            ReshardStatus.QUEUED,
            ReshardStatus.COPYING,
            ReshardStatus.REPLAYING,
            ReshardStatus.VERIFYING)
        .endsWith(ReshardStatus.VERIFYING, ReshardStatus.SWITCHING, ReshardStatus.COMPLETE);
    assertThat(last.getDigestsCompared()).isEqualTo(256);
    assertThat(results).endsWith(DdlStatus.ACCEPTED, DdlStatus.APPLIED);
    dev.shardstream.schemas.event.Topology topology = topologies.get("shop/" + TABLE);
    assertThat(topology.getEpoch()).isEqualTo(2);
    assertThat(topology.getChangeLogId()).isNull();
    assertThat(topology.getShards())
        .extracting(Shard::getId, Shard::getStatus)
        .containsExactly(
            tuple(2, ShardStatus.ACTIVE),
            tuple(3, ShardStatus.ACTIVE),
            tuple(4, ShardStatus.ACTIVE));
    assertThat(nodes.shards()).containsExactlyInAnyOrder(TABLE + "/2", TABLE + "/3", TABLE + "/4");
  }

  private TopologyTestDriver newDriver() {
    ControlPlaneConfig config =
        ControlPlaneConfig.of(
            Map.of(
                "cluster.name", "test",
                "bootstrap.servers", "unused:1",
                "schema.registry.url", "mock://control-topology",
                "state.dir", directory.toString()));
    ControlMetrics metrics = new ControlMetrics(meters);
    Properties settings = StreamsSettings.of(config, metrics);
    return new TopologyTestDriver(
        ControlTopology.build(config, events, metrics), settings, Instant.ofEpochMilli(now));
  }

  /** A new process with nothing but what the changelog held. */
  private void restart() {
    readResults();
    readTasks();
    Map<String, byte[]> held = new HashMap<>();
    try (KeyValueIterator<String, byte[]> all = state().all()) {
      all.forEachRemaining(entry -> held.put(entry.key, entry.value));
    }
    driver.close();
    driver = newDriver();
    held.forEach(state()::put);
  }

  private KeyValueStore<String, byte[]> state() {
    return driver.getKeyValueStore(ControlTopology.STATE);
  }

  private void send(DdlCommand command) {
    input(topics.ddlCommands(), DdlCommand.class).pipeInput("shop", command, now);
  }

  /** Lets time pass in steps of 200 ms; nodes and provisioner answer within a step. */
  private void runFor(Duration duration) {
    for (long end = now + duration.toMillis(); now < end; ) {
      now += 200;
      nodes
          .heartbeats(now)
          .forEach(node -> input(topics.nodes(), Node.class).pipeInput(node.getNodeId(), node));
      driver.advanceWallClockTime(Duration.ofMillis(200));
      List<TaskEvent> answers = new ArrayList<>();
      readTasks();
      provisioning.forEach(task -> answers.addAll(nodes.perform(task)));
      provisioning.clear();
      tasks.forEach(task -> answers.addAll(nodes.perform(task)));
      tasks.clear();
      TestInputTopic<String, TaskEvent> reports = input(topics.taskEvents(), TaskEvent.class);
      answers.forEach(answer -> reports.pipeInput("shop", answer, now));
      readResults();
    }
  }

  private void readTasks() {
    provisioning.addAll(output(topics.provisionTasks(), ProvisionTask.class));
    tasks.addAll(output(topics.shardTasks(), ShardTask.class));
  }

  private void readResults() {
    output(topics.ddlResults(), DdlResult.class).forEach(r -> results.add(r.getStatus()));
    reshards.addAll(output(topics.reshards(), Reshard.class));
    output(topics.schemaHistory(), SchemaVersion.class)
        .forEach(v -> history.add(v.getVersion() + " " + v.getChange()));
    List<TaskEvent> reached = new ArrayList<>();
    for (KeyValue<String, Table> record : records(topics.catalog(), Table.class)) {
      catalog.put(record.key, record.value);
      if (record.value != null) {
        reached.addAll(nodes.catalog(record.value));
      }
    }
    TestInputTopic<String, TaskEvent> reports = input(topics.taskEvents(), TaskEvent.class);
    reached.forEach(event -> reports.pipeInput("shop", event, now));
    records(topics.topology(), dev.shardstream.schemas.event.Topology.class)
        .forEach(r -> topologies.put(r.key, r.value));
  }

  private <T extends SpecificRecordBase> TestInputTopic<String, T> input(
      String topic, Class<T> type) {
    return driver.createInputTopic(topic, new StringSerializer(), events.serde(type).serializer());
  }

  private <T extends SpecificRecordBase> List<T> output(String topic, Class<T> type) {
    return records(topic, type).stream().map(r -> r.value).toList();
  }

  private <T extends SpecificRecordBase> List<KeyValue<String, T>> records(
      String topic, Class<T> type) {
    TestOutputTopic<String, T> output =
        driver.createOutputTopic(
            topic, new StringDeserializer(), events.serde(type).deserializer());
    return output.readKeyValuesToList();
  }
}
