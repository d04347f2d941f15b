package dev.shardstream.producer.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.metadata.SampleTables;
import dev.shardstream.producer.query.Session;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.row.RowCodec;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Registry;
import dev.shardstream.schemas.serde.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
  private final Registry registry =
      ConfluentRegistry.connect("mock://change-log", Duration.ofSeconds(1));
  private final Session session = new Session();
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final ChangeLog log =
      new ChangeLog(
          ClientConfig.of(
              Map.of(
                  "cluster.name", "t",
                  "bootstrap.servers", "unused:1",
                  "schema.registry.url", "mock://change-log",
                  "write.max.bytes", "2000")),
          producer,
          registry,
          session);
  private final RowChanges users = new RowChanges(SampleTables.USERS);

  @Test
  void a_change_is_a_record_in_the_partition_of_its_virtual_shard() {
    PreparedChange change = insert(17L, "Ada");
    log.append(change);

    ProducerRecord<byte[], byte[]> record = producer.history().get(0);
    assertThat(record.topic()).isEqualTo("t.log.default-users-2");
    assertThat(record.partition()).isEqualTo(change.partition());
    assertThat(record.key()).isEqualTo(change.key());
    RowCodec reader = RowCodec.of(registry.byId(WireFormat.schemaId(record.value())).orElseThrow());
    assertThat(reader.decode(record.value())).isEqualTo(change.change());
  }

  @Test
  void an_acknowledged_change_has_a_receipt_and_the_session_has_seen_it() {
    PreparedChange change = insert(17L, "Ada");
    CompletableFuture<Receipt> receipt = log.append(change);
    assertThat(receipt).isNotDone();
    producer.completeNext();

    assertThat(receipt.join())
        .isEqualTo(new Receipt("default-users-2", change.partition(), 0, change.place()));
    assertThat(session.minPositions("default-users-2", Set.of(change.partition())))
        .containsExactly(new Position(change.partition(), 1));
  }

  @Test
  void a_change_that_kafka_refuses_fails_with_the_topic() {
    CompletableFuture<Receipt> receipt = log.append(insert(17L, "Ada"));
    producer.errorNext(new TimeoutException("no leader"));
    assertThatThrownBy(receipt::join)
        .cause()
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRITE_FAILED))
        .hasMessage("Could not write to topic t.log.default-users-2: no leader");
  }

  @Test
  void a_change_that_is_too_large_never_leaves() {
    assertThatThrownBy(() -> log.append(insert(17L, "x".repeat(3000))))
        .hasMessageMatching(
            "The change is \\d+ bytes, more than the 2000 that the log takes"
                + " \\(write.max.bytes\\)");
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void no_change_of_a_statement_leaves_when_one_is_too_large() {
    assertThatThrownBy(
            () -> log.appendAll(List.of(insert(1L, "Ada"), insert(2L, "x".repeat(3000)))))
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void changes_of_a_statement_are_sent_in_their_order() {
    PreparedChange one = insert(1L, "Ada");
    PreparedChange other = insert(1L, "Grace");
    assertThat(log.appendAll(List.of(one, other))).hasSize(2);
    assertThat(producer.history())
        .extracting(record -> RowCodec.of(SampleTables.USERS).decode(record.value()))
        .containsExactly(one.change(), other.change());
  }

  private PreparedChange insert(long id, String name) {
    return users.row(Op.INSERT, users.columns(List.of("id", "name")), List.of(id, name));
  }
}
