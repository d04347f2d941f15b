package dev.shardstream.streams.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.Fence;
import dev.shardstream.schemas.serde.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ControlRecordWriterTest {
  private static final TableId TABLE = new TableId("shop-orders-1");
  private static final Fence FENCE = new Fence("f1", TABLE.value(), "r1", 1);
  private static final ConsumerGroupMetadata GROUP =
      new MockConsumer<byte[], byte[]>("earliest").groupMetadata();
  private static final Map<TopicPartition, OffsetAndMetadata> PLACE =
      Map.of(new TopicPartition("tasks", 2), new OffsetAndMetadata(17));

  private final List<MockProducer<byte[], byte[]>> made = new ArrayList<>();
  private final ControlRecordWriter writer =
      new ControlRecordWriter(this::producer, new OneSchema(), new Topics("test"));

  private static final class OneSchema implements Registry {
    @Override
    public int register(String subject, Schema schema) {
      return 1;
    }

    @Override
    public Optional<Schema> byId(int id) {
      return Optional.empty();
    }

    @Override
    public void requireBackwardCompatibility(String subject) {}

    @Override
    public void deleteSubject(String subject) {}

    @Override
    public void close() {}
  }

  private Producer<byte[], byte[]> producer() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    made.add(producer);
    return producer;
  }

  private static void claim(Producer<byte[], byte[]> transaction) {
    transaction.sendOffsetsToTransaction(PLACE, GROUP);
  }

  @Test
  void a_record_in_every_partition_and_the_tasks_place_are_one_transaction()
      throws InterruptedException {
    assertThat(writer.write(TABLE, FENCE, 3, ControlRecordWriterTest::claim)).hasSize(3);

    MockProducer<byte[], byte[]> producer = made.get(0);
    assertThat(producer.history())
        .extracting(record -> record.topic() + "/" + record.partition())
        .containsExactly(
            "test.log.shop-orders-1/0", "test.log.shop-orders-1/1", "test.log.shop-orders-1/2");
    assertThat(producer.consumerGroupOffsetsHistory())
        .containsExactly(Map.of(GROUP.groupId(), PLACE));
    assertThat(producer.commitCount()).isEqualTo(1);
  }

  @Test
  void nothing_is_written_for_a_task_that_another_process_has_taken_over()
      throws InterruptedException {
    assertThatThrownBy(
            () ->
                writer.write(
                    TABLE,
                    FENCE,
                    3,
                    transaction -> {
                      throw new CommitFailedException("another generation of the group");
                    }))
        .isInstanceOf(CommitFailedException.class);

    assertThat(made.get(0).commitCount()).isZero();
    assertThat(made.get(0).history()).isEmpty();
    assertThat(made.get(0).closed()).isTrue();
    writer.write(TABLE, FENCE, 1, ControlRecordWriterTest::claim);
    assertThat(made).hasSize(2);
  }
}
