package dev.shardstream.producer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.metadata.Metadata;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.query.Holders;
import dev.shardstream.producer.query.Session;
import dev.shardstream.producer.query.ShardAddress;
import dev.shardstream.producer.query.ShardClient;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.QueryRequest;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.Test;

class RowWriterTest {
  private static final Table USERS = SampleTables.USERS;
  private static final Table RENAMED =
      Table.newBuilder(USERS).setName("people").setSchemaVersion(2).build();
  private static final Table AGAIN = Table.newBuilder(USERS).setTableId("default-users-9").build();

  private static final ShardClient SHARDS =
      new ShardClient() {
        @Override
        public void query(ShardAddress shard, QueryRequest request, AnswerSink sink) {
          throw new UnsupportedOperationException();
        }

        @Override
        public AwaitResponse await(ShardAddress shard, AwaitRequest request) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
      };

  private final ClientConfig config =
      ClientConfig.of(
          Map.of(
              "cluster.name", "t",
              "bootstrap.servers", "unused:1",
              "schema.registry.url", "mock://row-writer"));
  private final MockProducer<byte[], byte[]> log =
      ChangeLogs.producer("t.log." + USERS.getTableId());

  @Test
  void a_rename_does_not_stop_it() {
    SampleTables.Fixed metadata = new SampleTables.Fixed(knowing(USERS));
    RowWriter writer = writer(metadata);
    writer.insert(Map.of("id", 1)).join();
    metadata.set(knowing(RENAMED));
    assertThat(writer.insert(Map.of("id", 2)).join().tableId()).isEqualTo(USERS.getTableId());
    assertThat(writer.table()).isEqualTo(RENAMED);
  }

  @Test
  void when_its_table_is_gone_the_name_is_looked_up_again() {
    SampleTables.Fixed metadata = new SampleTables.Fixed(knowing(USERS));
    RowWriter writer = writer(metadata);
    assertThat(writer.table()).isEqualTo(USERS);
    metadata.set(knowing(AGAIN));
    assertThat(writer.table()).isEqualTo(AGAIN);
    metadata.set(knowing(Table.newBuilder(AGAIN).setStatus(TableStatus.DROPPING).build()));
    assertThatThrownBy(writer::table).hasMessage("Table 'users' not found");
  }

  @Test
  void a_table_whose_ddl_is_behind_is_waited_for() {
    SampleTables.Fixed coming =
        new SampleTables.Fixed(MetadataSnapshot.EMPTY) {
          @Override
          public boolean await(Predicate<MetadataSnapshot> condition, Duration timeout) {
            assertThat(timeout).isEqualTo(Duration.ofMillis(700));
            set(knowing(USERS));
            return super.await(condition, timeout);
          }
        };
    assertThat(writer(coming).table()).isEqualTo(USERS);
  }

  private RowWriter writer(Metadata metadata) {
    return new RowWriter(
        metadata,
        ChangeLogs.over(config, log, new Session()),
        new AppliedChanges(metadata, new Holders(SHARDS, Duration.ofSeconds(30)), Runnable::run),
        Duration.ofSeconds(1),
        Duration.ofMillis(700),
        "default",
        "users");
  }

  private static MetadataSnapshot knowing(Table table) {
    return new MetadataSnapshot(
        Map.of(table.getTableId(), table),
        Map.of(table.getTableId(), SampleTables.topology(table, 1, 1)),
        Map.of(),
        Map.of("n0", SampleTables.node("n0")));
  }
}
