package dev.shardstream.producer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.OneShard;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.NamedTables;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.query.Holders;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.write.AppliedChanges;
import dev.shardstream.producer.write.ChangeLogs;
import dev.shardstream.producer.write.RowWriter;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.serde.Registry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveQueriesTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Table ORDERS =
      SampleTables.table(
          "orders",
          5,
          List.of(1),
          List.of(1),
          SampleTables.column(1, "id", TypeName.BIGINT, null, false, null),
          SampleTables.column(2, "status", TypeName.TEXT, null, true, "open"),
          SampleTables.column(3, "n", TypeName.BIGINT, null, true, 0L));
  private static final String OPEN = "SELECT id, n FROM orders WHERE status = 'open'";

  private final ClientConfig config =
      ClientConfig.of(
          Map.of(
              "cluster.name", "t",
              "bootstrap.servers", "unused:1",
              "issued.by", "ada",
              "schema.registry.url", "mock://live-queries"));
  private final Registry registry =
      ConfluentRegistry.connect(config.registryUrl(), config.connectTimeout());
  private final MockProducer<byte[], byte[]> log =
      ChangeLogs.producer("t.log." + ORDERS.getTableId());
  private final OneShard shard = new OneShard(ORDERS, log);
  private final SampleTables.Fixed metadata = new SampleTables.Fixed(snapshot(ORDERS, 1));
  private final Session session = new Session();
  private final Holders holders = new Holders(shard, Duration.ofSeconds(30));
  private final AppliedChanges applied = new AppliedChanges(metadata, holders, Runnable::run);
  private final MockProducer<String, dev.shardstream.schemas.event.LiveQuery> records = records();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger breaks = new AtomicInteger();
  private final LiveQueries queries =
      new LiveQueries(
          config,
          metadata,
          holders,
          applied,
          session,
          registry,
          LogOfProducer::new,
          new LiveQueryRecords(config, records));
  private final RowWriter writer =
      new RowWriter(
          metadata,
          ChangeLogs.over(config, log, session),
          applied,
          LIMIT,
          Duration.ZERO,
          "default",
          "orders");
  private final Told told = new Told();

  @AfterEach
  void close() {
    queries.close();
  }

  @Test
  void rows_come_first_and_then_each_change_of_the_result() {
    insert(1, "open", 10);
    insert(2, "closed", 20);
    LiveQuery query = subscribe(OPEN);
    told.awaits("columns [id, n]", "row [1, 10]", "done");
    update(2, Map.of("status", "open"));
    told.awaits("INSERTED [2, 20] of [2]");
    update(2, Map.of("n", 21));
    told.awaits("UPDATED [2, 21] of [2]");
    update(1, Map.of("status", "closed"));
    told.awaits("DELETED [1, 10] of [1]");
    writer.delete(Map.of("id", 2L)).join();
    told.awaits("DELETED [2, 21] of [2]");
    insert(3, "closed", 30);
    writer.upsert(Map.of("id", 3L, "n", 31)).join();
    told.awaits("INSERTED [3, 31] of [3]");
    assertThat(query.isActive()).isTrue();
    query.close();
    told.awaits("ended null");
  }

  @Test
  void what_the_shard_rejects_is_not_told() {
    insert(1, "open", 10);
    subscribe(OPEN);
    told.awaits("columns [id, n]", "row [1, 10]", "done");
    insert(1, "open", 99);
    update(7, Map.of("status", "open"));
    update(1, Map.of("n", 11));
    told.awaits("UPDATED [1, 11] of [1]");
  }

  @Test
  void a_change_is_told_when_its_shard_has_applied_it() {
    subscribe(OPEN);
    told.awaits("columns [id, n]", "done");
    shard.hold();
    insert(1, "open", 10);
    await().during(Duration.ofMillis(300)).atMost(LIMIT).until(() -> told.lines.isEmpty());
    shard.release();
    told.awaits("INSERTED [1, 10] of [1]");
  }

  @Test
  void a_broken_connection_leaves_no_gap_and_doubles_nothing() {
    subscribe(OPEN);
    told.awaits("columns [id, n]", "done");
    for (int i = 0; i < 20; i++) {
      insert(i, "open", i);
      told.awaits("INSERTED [%d, %d] of [%d]".formatted(i, i, i));
      breaks.set(i % 3);
    }
    assertThat(connections.get()).isGreaterThan(2);
  }

  @Test
  void a_shard_that_is_away_at_the_beginning_is_waited_for() {
    insert(1, "open", 10);
    shard.goAway(3);
    subscribe(OPEN);
    told.awaits("columns [id, n]", "row [1, 10]", "done");
  }

  @Test
  void a_cutover_changes_nothing() {
    subscribe(OPEN);
    told.awaits("columns [id, n]", "done");
    insert(1, "open", 10);
    told.awaits("INSERTED [1, 10] of [1]");
    metadata.set(snapshot(ORDERS, 4));
    insert(2, "open", 20);
    update(1, Map.of("n", 11));
    await().atMost(LIMIT).until(() -> told.lines.size() == 2);
    assertThat(told.lines)
        .containsExactlyInAnyOrder("INSERTED [2, 20] of [2]", "UPDATED [1, 11] of [1]");
  }

  @Test
  void it_is_known_to_the_cluster_from_the_beginning_to_the_end() throws InterruptedException {
    LiveQuery query = subscribe(OPEN);
    dev.shardstream.schemas.event.LiveQuery record = records.history().get(0).value();
    assertThat(record)
        .isEqualTo(
            new dev.shardstream.schemas.event.LiveQuery(
                query.id(),
                "default",
                ORDERS.getTableId(),
                "orders",
                OPEN,
                List.of(1, 3, 2),
                LiveQueryState.ACTIVE,
                "ada",
                record.getStartedAt(),
                record.getStartedAt()));
    // The first one may come at once: they are not timed by the query's start.
    await()
        .atMost(LIMIT)
        .until(
            () ->
                records.history().stream()
                    .anyMatch(one -> one.value().getHeartbeatAt() > record.getStartedAt()));
    query.close();
    assertThat(query.awaitEnd(LIMIT)).isTrue();
    ProducerRecord<String, dev.shardstream.schemas.event.LiveQuery> last =
        records.history().get(records.history().size() - 1);
    assertThat(last.key()).isEqualTo("default/" + query.id());
    assertThat(last.value()).isNull();
    assertThat(records.history()).allMatch(one -> one.partition().equals(last.partition()));
  }

  @Test
  void a_killed_query_ends_with_that_error() {
    LiveQuery query = subscribe(OPEN);
    dev.shardstream.schemas.event.LiveQuery record = records.history().get(0).value();
    metadata.set(heard(record));
    queries.kill(query.id());
    dev.shardstream.schemas.event.LiveQuery killed =
        records.history().stream()
            .map(ProducerRecord::value)
            .filter(one -> one != null && one.getState() == LiveQueryState.KILLED)
            .findFirst()
            .orElseThrow();
    metadata.set(heard(killed));
    told.awaitsLast("ended Live query '" + query.id() + "' was killed");
    assertThat(query.error().orElseThrow()).hasMessage(told.last().substring("ended ".length()));
    assertThatThrownBy(() -> queries.kill("nobody")).hasMessage("Live query 'nobody' not found");
  }

  @Test
  void it_ends_with_its_table_or_a_column_of_it() throws InterruptedException {
    LiveQuery first = subscribe(OPEN);
    told.awaits("columns [id, n]", "done");
    metadata.set(
        snapshot(
            Table.newBuilder(ORDERS)
                .setSchemaVersion(2)
                .setColumns(ORDERS.getColumns().subList(0, 2))
                .build(),
            1));
    told.awaits("ended Column 'n' not found in table 'orders'");
    assertThat(first.awaitEnd(LIMIT)).isTrue();
    assertThat(first.isActive()).isFalse();
    LiveQuery second = subscribe("SELECT id FROM orders");
    told.awaits("columns [id]", "done");
    metadata.set(MetadataSnapshot.EMPTY);
    told.awaits("ended Table 'orders' not found");
    assertThat(second.error().orElseThrow()).hasMessage("Table 'orders' not found");
  }

  @Test
  void an_update_into_the_result_reads_its_row_and_a_known_one_does_not() {
    insert(1, "closed", 10);
    subscribe(OPEN);
    told.awaits("columns [id, n]", "done");
    for (int i = 0; i < 3; i++) {
      update(1, Map.of("status", "open"));
      told.awaits("INSERTED [1, 10] of [1]");
      update(1, Map.of("status", "closed"));
      told.awaits("DELETED [1, 10] of [1]");
    }
  }

  @Test
  void what_cannot_be_subscribed_to_is_refused_at_once() {
    assertThatThrownBy(() -> subscribe("SELECT id FROM nope")).hasMessage("Table 'nope' not found");
    assertThatThrownBy(() -> subscribe("SELECT id FROM shop.orders"))
        .hasMessage("Namespace 'shop' not found: create it with CREATE NAMESPACE shop");
    assertThatThrownBy(() -> subscribe("SELECT id FROM orders WHERE nope = 1"))
        .hasMessage("Column 'nope' not found in table 'orders'");
    assertThatThrownBy(() -> subscribe("SELECT 1")).hasMessageStartingWith("Not supported: 0");
    assertThat(records.history()).isEmpty();
  }

  private LiveQuery subscribe(String sql) {
    return queries.subscribe((SelectStatement) SqlParser.parse(sql), List.of(), told);
  }

  private void insert(long id, String status, long n) {
    writer.insert(Map.of("id", id, "status", status, "n", n)).join();
  }

  private void update(long id, Map<String, Object> values) {
    writer.update(Map.of("id", id), values).join();
  }

  private static MetadataSnapshot snapshot(Table table, int shards) {
    Topology topology = SampleTables.topology(table, shards, shards);
    return new MetadataSnapshot(
        Map.of(table.getTableId(), table),
        Map.of(table.getTableId(), topology),
        Map.of(),
        Map.of("n0", SampleTables.node("n0"), "n1", SampleTables.node("n1")));
  }

  private static MetadataSnapshot heard(dev.shardstream.schemas.event.LiveQuery query) {
    MetadataSnapshot known = snapshot(ORDERS, 1);
    return new MetadataSnapshot(
        NamedTables.of(known.tablesById()),
        known.topologies(),
        known.reshards(),
        known.nodes(),
        Map.of(),
        Map.of("default/" + query.getId(), query));
  }

  private MockProducer<String, dev.shardstream.schemas.event.LiveQuery> records() {
    String topic = "t.live-queries";
    List<PartitionInfo> partitions =
        IntStream.range(0, 4)
            .mapToObj(i -> new PartitionInfo(topic, i, Node.noNode(), new Node[0], new Node[0]))
            .toList();
    return new MockProducer<>(
        new Cluster("mock", List.of(), partitions, Set.of(), Set.of()),
        true,
        new RoundRobinPartitioner(),
        new StringSerializer(),
        new Events(registry).serde(dev.shardstream.schemas.event.LiveQuery.class).serializer());
  }

  /** What a subscriber is told, one line each; a line that was awaited is gone. */
  private static final class Told implements LiveQuerySink {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    void awaits(String... expected) {
      await().atMost(LIMIT).until(() -> lines.size() >= expected.length);
      List<String> first = List.copyOf(lines.subList(0, expected.length));
      lines.subList(0, expected.length).clear();
      assertThat(first).containsExactly(expected);
    }

    void awaitsLast(String expected) {
      await().atMost(LIMIT).until(() -> !lines.isEmpty() && last().equals(expected));
    }

    String last() {
      return lines.get(lines.size() - 1);
    }

    @Override
    public void columns(List<String> names) {
      lines.add("columns " + names);
    }

    @Override
    public void row(List<@Nullable Object> values) {
      lines.add("row " + values);
    }

    @Override
    public void initialDone() {
      lines.add("done");
    }

    @Override
    public void change(LiveChange change) {
      lines.add(change.kind() + " " + change.values() + " of " + change.key());
    }

    @Override
    public void ended(@Nullable ShardstreamException error) {
      lines.add("ended " + (error == null ? null : error.getMessage()));
    }
  }

  /** Reads what the mock producer has sent, and breaks when the test wants it. */
  private final class LogOfProducer extends MockConsumer<byte[], byte[]> {
    private final Map<Integer, Long> ends = new HashMap<>();
    private int taken;

    LogOfProducer() {
      super("none");
      connections.incrementAndGet();
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      if (breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new KafkaException("broken");
      }
      List<ProducerRecord<byte[], byte[]>> all = log.history();
      for (; taken < all.size(); taken++) {
        ProducerRecord<byte[], byte[]> one = all.get(taken);
        long offset = ends.merge(one.partition(), 1L, Long::sum) - 1;
        addRecord(
            new ConsumerRecord<>(one.topic(), one.partition(), offset, one.key(), one.value()));
      }
      ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
      if (polled.isEmpty()) {
        LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
      }
      return polled;
    }
  }
}
