package dev.shardstream.producer.replica;

import static dev.shardstream.producer.replica.Definitions.adding;
import static dev.shardstream.producer.replica.Definitions.changing;
import static dev.shardstream.producer.replica.Definitions.renaming;
import static dev.shardstream.producer.replica.Definitions.users;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogReplicaTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String TOPIC = "t.catalog";

  private final ClientConfig config =
      ClientConfig.of(
          Map.of(
              "cluster.name", "t",
              "bootstrap.servers", "unused:1",
              "schema.registry.url", "mock://replica"));
  private final Events events =
      new Events(ConfluentRegistry.connect("mock://replica", Duration.ofSeconds(1)));
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);

  @TempDir private Path directory;
  private Path path;
  private Catalog catalog = new Catalog();

  @BeforeEach
  void place() {
    path = directory.resolve("local.db");
  }

  @Test
  void what_was_there_is_in_the_file_at_the_start_and_what_comes_is_followed() {
    catalog.holds(users(1));
    Table next = adding(users(1), "age", TypeName.INTEGER, null);
    Queue<TableChange> heard = new ConcurrentLinkedQueue<>();
    try (CatalogReplica replica = open()) {
      assertThat(replica.schemaVersion("USERS")).hasValue(1);
      assertThat(replica.await("users", 2, Duration.ofMillis(20))).isFalse();
      replica.onChange(heard::add);

      catalog.gets(next);
      assertThat(replica.await("users", 2, LIMIT)).isTrue();
      assertThat(replica.dump()).contains("\"age\" INTEGER");
      catalog.gets(Table.newBuilder(next).setStatus(TableStatus.DROPPING).build());
      assertThat(replica.await(state -> state.table("users").isEmpty(), LIMIT)).isTrue();
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(heard)
                      .containsExactly(
                          new TableChange("default-users-1", users(1), next),
                          new TableChange("default-users-1", next, null)));
    }
  }

  @Test
  void other_namespaces_and_foreign_bytes_are_left_out() {
    catalog.holds(users(1));
    Table elsewhere = Table.newBuilder(users(2)).setDatabase("shop").build();
    try (CatalogReplica replica = open()) {
      catalog.gets("shop/" + elsewhere.getTableId(), bytes(elsewhere));
      catalog.gets("default/junk", "junk".getBytes(StandardCharsets.UTF_8));
      catalog.gets(renaming(users(1), "people"));
      assertThat(replica.await("people", 2, LIMIT)).isTrue();
      assertThat(replica.state().tables().keySet()).containsExactly("default-users-1");
    }
  }

  @Test
  void a_restarted_replica_takes_away_what_was_dropped_and_forgotten_meanwhile() {
    catalog.holds(users(1), Definitions.table("default-orders-2", "orders", 2));
    open().close();

    catalog = new Catalog();
    catalog.holds(null, null, users(1));
    try (CatalogReplica replica = open()) {
      assertThat(replica.state()).isEqualTo(Definitions.state(users(1)));
    }
  }

  @Test
  void a_replica_that_slept_for_days_reads_the_catalog_from_its_beginning() {
    catalog.holds(users(1), Definitions.table("default-orders-2", "orders", 2));
    try (CatalogReplica replica = open()) {
      catalog.willBeReadAgain(users(1));
      now.set(Instant.EPOCH.plus(Duration.ofDays(3)));
      assertThat(replica.await(state -> state.table("orders").isEmpty(), LIMIT)).isTrue();
      assertThat(replica.state()).isEqualTo(Definitions.state(users(1)));
    }
  }

  @Test
  void a_replica_that_cannot_go_on_tells_whoever_asks() throws SQLException {
    catalog.holds(users(1));
    try (CatalogReplica replica = open()) {
      try (SqlSession application = SqlSession.writer(path)) {
        application.execute("INSERT INTO users VALUES (1, NULL)");
      }
      catalog.gets(changing(users(1), 2, c -> c.setNullable(false)));
      assertThatThrownBy(() -> replica.await("users", 2, LIMIT))
          .isInstanceOfSatisfying(
              ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_ERROR))
          .hasMessageContaining("local rows of table 'users' do not meet its version 2");
      assertThatThrownBy(replica::state).hasMessageContaining("do not meet its version 2");
    }
  }

  @Test
  void a_catalog_that_has_lost_records_is_not_followed() {
    catalog.holds(users(1), users(1), users(1));
    open().close();
    catalog = new Catalog();
    catalog.holds(users(1));
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_ERROR))
        .hasMessageContaining("the cluster has lost records");
  }

  private CatalogReplica open() {
    return CatalogReplica.open(config, catalog, events, "topic-1", path, clock, () -> {});
  }

  private byte[] bytes(Table table) {
    return events.serde(Table.class).serializer().serialize(TOPIC, table);
  }

  /** The catalog topic, of one partition. */
  private final class Catalog extends MockConsumer<byte[], byte[]> {
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private long end;

    Catalog() {
      super("none");
      updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
      updateBeginningOffsets(Map.of(PARTITION, 0L));
    }

    /** What is there before anybody reads; a null is an offset that compaction has emptied. */
    void holds(@Nullable Table... tables) {
      updateEndOffsets(Map.of(PARTITION, (long) tables.length));
      schedulePollTask(() -> fill(tables));
    }

    void willBeReadAgain(Table... tables) {
      updateEndOffsets(Map.of(PARTITION, end));
      Table[] kept = new Table[(int) end];
      System.arraycopy(tables, 0, kept, (int) end - tables.length, tables.length);
      end = 0;
      reading = () -> fill(kept);
    }

    private Runnable reading = () -> {};

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
      super.seek(partition, offset);
      schedulePollTask(reading);
    }

    private void fill(@Nullable Table... tables) {
      for (Table table : tables) {
        if (table == null) {
          end++;
        } else {
          gets(table);
        }
      }
    }

    void gets(Table table) {
      gets("default/" + table.getTableId(), bytes(table));
    }

    synchronized void gets(String key, byte[] value) {
      addRecord(new ConsumerRecord<>(TOPIC, 0, end, key.getBytes(StandardCharsets.UTF_8), value));
      end++;
    }
  }
}
