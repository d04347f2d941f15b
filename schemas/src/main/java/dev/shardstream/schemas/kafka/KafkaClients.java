package dev.shardstream.schemas.kafka;

import dev.shardstream.schemas.config.ClusterConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** Makes Kafka clients for one cluster. The caller closes what it gets. */
public final class KafkaClients {
  private final ClusterConfig config;
  private final Map<String, Object> common;

  public KafkaClients(ClusterConfig config) {
    this(config, Map.of());
  }

  /**
   * @param common settings of all clients that are made here, besides those of the configuration
   */
  public KafkaClients(ClusterConfig config, Map<String, Object> common) {
    this.config = config;
    this.common = Map.copyOf(common);
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(config.kafkaOverrides());
    settings.putAll(common);
    return settings;
  }

  public Admin admin() {
    Map<String, Object> settings = settings();
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    return Admin.create(settings);
  }

  /**
   * An idempotent producer, or a transactional one.
   *
   * @param extra settings that this producer needs besides, like a transactional id or linger
   */
  public <K, V> Producer<K, V> producer(
      Serializer<K> keys, Serializer<V> values, Map<String, Object> extra) {
    Map<String, Object> settings = settings();
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, config.connectTimeout().toMillis());
    settings.putAll(extra);
    return new KafkaProducer<>(settings, keys, values);
  }

  /**
   * A consumer for {@code assign}: read committed, no automatic commit, no automatic reset (a
   * position that the log no longer holds is an error).
   *
   * @param extra settings that this consumer needs besides, like a group id
   */
  public <K, V> Consumer<K, V> consumer(
      Deserializer<K> keys, Deserializer<V> values, Map<String, Object> extra) {
    Map<String, Object> settings = settings();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.putAll(extra);
    return new KafkaConsumer<>(settings, keys, values);
  }

  /**
   * Fails with KAFKA_UNREACHABLE when no broker answers within the configured time, so that a wrong
   * address is an error with that address and not a silence; with KAFKA_REFUSED when one does not
   * accept who this is.
   *
   * @return id of the Kafka cluster, which offsets belong to
   */
  public String requireReachable() {
    Duration patience = config.connectTimeout();
    Admin admin = adminOrUnreachable();
    try {
      return admin.describeCluster().clusterId().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw config.kafkaFailure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw config.kafkaUnreachable().causedBy(e);
    } finally {
      // Its requests may still look for a broker; waiting for them would outlast our patience.
      admin.close(Duration.ZERO);
    }
  }

  /** A client whose address no name server knows cannot even be made. */
  private Admin adminOrUnreachable() {
    try {
      return admin();
    } catch (KafkaException e) {
      throw config.kafkaUnreachable().causedBy(e);
    }
  }
}
