package dev.shardstream.worker;

import dev.shardstream.schemas.kafka.KafkaClients;
import dev.shardstream.schemas.metrics.KafkaMeters;
import dev.shardstream.worker.config.WorkerConfig;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The Kafka clients of one worker. The caller closes what it gets. */
final class WorkerKafka {
  private static final int PRODUCER_BUFFER = 8 * 1024 * 1024;

  private final WorkerConfig config;
  private final KafkaClients clients;

  /**
   * @param metrics where the clients show how they do
   */
  WorkerKafka(WorkerConfig config, MeterRegistry metrics) {
    this.config = config;
    Object reporters =
        config.kafkaOverrides().get(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG);
    this.clients = new KafkaClients(config, KafkaMeters.settings(metrics, reporters));
  }

  /**
   * @return id of the Kafka cluster
   * @throws dev.shardstream.schemas.contract.ShardstreamException KAFKA_UNREACHABLE
   */
  String requireReachable() {
    return clients.requireReachable();
  }

  Admin admin() {
    return clients.admin();
  }

  /**
   * @param name what it sends, for its client id
   */
  <T> Producer<String, T> producer(Serializer<T> values, String name) {
    return clients.producer(
        new StringSerializer(),
        values,
        Map.of(
            ProducerConfig.CLIENT_ID_CONFIG,
            config.nodeId() + "-" + name,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            PRODUCER_BUFFER));
  }

  /** In a group of the shard's own, by which lag tools see how far it is. */
  Consumer<byte[], byte[]> logConsumer(ShardRef shard) {
    int fetchBytes = config.getInt(WorkerConfig.APPLY_FETCH_BYTES);
    return inGroup(
        shard.tableId() + "." + shard.shardId(),
        Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            config.getInt(WorkerConfig.APPLY_BATCH_CHANGES),
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            fetchBytes,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            fetchBytes));
  }

  /** In the node's group. */
  Consumer<byte[], byte[]> taskConsumer() {
    return inGroup("tasks." + config.nodeId(), Map.of());
  }

  /** Without a group: every start reads the catalog anew. */
  Consumer<byte[], byte[]> catalogConsumer() {
    return clients.consumer(
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        Map.of(ConsumerConfig.CLIENT_ID_CONFIG, config.nodeId() + "-catalog"));
  }

  private Consumer<byte[], byte[]> inGroup(String name, Map<String, Object> extra) {
    String group = config.topics().cluster() + "." + name;
    Map<String, Object> settings = new HashMap<>(extra);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, config.nodeId() + "-" + group);
    return clients.consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer(), settings);
  }
}
