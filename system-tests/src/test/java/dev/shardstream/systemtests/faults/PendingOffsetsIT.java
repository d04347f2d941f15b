package dev.shardstream.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.streams.group.GroupOffsets;
import dev.shardstream.streams.group.KafkaGroupOffsets;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Offsets that are held back by a transaction are freed, and stay what they were. */
class PendingOffsetsIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final String APPLICATION = "pending-offsets";

  @Test
  void offsets_that_a_transaction_holds_back_are_freed() {
    TopicPartition commands =
        new TopicPartition(CLUSTER.client().config().topics().ddlCommands(), 0);
    KafkaClients kafka = new KafkaClients(CLUSTER.client().config());
    try (KafkaGroupOffsets offsets = new KafkaGroupOffsets(CLUSTER.client().config(), APPLICATION);
        Consumer<byte[], byte[]> member =
            kafka.consumer(
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                Map.of(ConsumerConfig.GROUP_ID_CONFIG, APPLICATION));
        Producer<byte[], byte[]> stranger = producer(kafka, "another-" + APPLICATION + "-1");
        Producer<byte[], byte[]> thread = producer(kafka, APPLICATION + "-process-1")) {
      stranger.initTransactions();
      thread.initTransactions();
      thread.beginTransaction();
      send(thread, member.groupMetadata(), commands, 5);
      thread.commitTransaction();
      awaitCommitted(offsets, commands);
      thread.beginTransaction();
      send(thread, member.groupMetadata(), commands, 7);
      assertThat(offsets.read())
          .isEqualTo(new GroupOffsets.Committed(Map.of(commands, 5L), Set.of(commands)));

      offsets.endTransactions(Map.of(commands, 5L));

      awaitCommitted(offsets, commands);
      assertThatThrownBy(thread::commitTransaction).isInstanceOf(KafkaException.class);
      stranger.beginTransaction();
      stranger.commitTransaction();
    }
  }

  /** The end of a transaction reaches the offsets after it was acknowledged. */
  private static void awaitCommitted(GroupOffsets offsets, TopicPartition commands) {
    await("no transaction holds offsets back")
        .atMost(Patience.ONE_STEP)
        .untilAsserted(
            () ->
                assertThat(offsets.read())
                    .isEqualTo(new GroupOffsets.Committed(Map.of(commands, 5L), Set.of())));
  }

  private static Producer<byte[], byte[]> producer(KafkaClients kafka, String transactionalId) {
    return kafka.producer(
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId));
  }

  private static void send(
      Producer<?, ?> thread, ConsumerGroupMetadata group, TopicPartition partition, long offset) {
    thread.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(offset)), group);
  }
}
