package dev.shardstream.streams.group;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The offsets of a Kafka Streams application under exactly_once_v2. */
public final class KafkaGroupOffsets implements GroupOffsets, AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int TRANSACTION_MILLIS = 10_000;

  private final ClusterConfig config;
  private final KafkaClients clients;
  private final Admin admin;
  private final String applicationId;

  /**
   * @param applicationId its group, and the beginning of its transactional ids
   */
  public KafkaGroupOffsets(ClusterConfig config, String applicationId) {
    this.config = config;
    this.clients = new KafkaClients(config);
    this.admin = clients.admin();
    this.applicationId = applicationId;
  }

  @Override
  public Committed read() {
    Map<TopicPartition, OffsetAndMetadata> all = committed(false);
    Set<TopicPartition> pending = new HashSet<>(all.keySet());
    pending.removeAll(committed(true).keySet());
    Map<TopicPartition, Long> offsets = new HashMap<>();
    all.forEach((partition, committed) -> offsets.put(partition, committed.offset()));
    return new Committed(offsets, pending);
  }

  /** Partitions without an offset, or without one that may be told, are missing. */
  private Map<TopicPartition, OffsetAndMetadata> committed(boolean stable) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        new HashMap<>(
            get(
                admin
                    .listConsumerGroupOffsets(
                        Map.of(applicationId, new ListConsumerGroupOffsetsSpec()),
                        new ListConsumerGroupOffsetsOptions().requireStable(stable))
                    .partitionsToOffsetAndMetadata(applicationId)));
    committed.values().removeIf(offset -> offset == null);
    return committed;
  }

  @Override
  public void endTransactions(Map<TopicPartition, Long> known) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    known.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
    for (TransactionListing transaction : get(admin.listTransactions().all())) {
      if (transaction.transactionalId().startsWith(applicationId + "-")) {
        end(transaction.transactionalId(), offsets);
      }
    }
  }

  private void end(String transactionalId, Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            transactionalId,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            TRANSACTION_MILLIS);
    // A consumer that subscribes to nothing is no member, so no member is fenced by what it says.
    try (Consumer<byte[], byte[]> nobody =
            clients.consumer(
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                Map.of(ConsumerConfig.GROUP_ID_CONFIG, applicationId));
        Producer<byte[], byte[]> producer =
            clients.producer(new ByteArraySerializer(), new ByteArraySerializer(), settings)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(offsets, nobody.groupMetadata());
      producer.abortTransaction();
    }
  }

  /**
   * @throws ShardstreamException KAFKA_UNREACHABLE, KAFKA_REFUSED
   */
  private <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw config.kafkaFailure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw config.kafkaUnreachable().causedBy(e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
