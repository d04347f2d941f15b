package dev.shardstream.streams.topology;

import dev.shardstream.streams.config.ControlPlaneConfig;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** How Kafka Streams runs the control plane. */
public final class StreamsSettings {
  /** A result is visible at most about so long after its cause. */
  private static final int COMMIT_MILLIS = 100;

  /** A killed process's transaction holds readers of committed records up for so long at most. */
  private static final int TRANSACTION_MILLIS = 10_000;

  /**
   * Nothing of a transaction is waited for longer: by then the broker has aborted it, and what it
   * decided must be decided again. Kafka's own bounds would hold the only thread for a minute or
   * two.
   */
  private static final int PATIENCE_MILLIS = TRANSACTION_MILLIS + 5_000;

  /**
   * How long a rebalance waits for a member. A broker that dies may lose the group, and a thread
   * that asks to join it just then is not heard: it asks again after this time, and the others wait
   * as long. Kafka's own five minutes are for batches that take minutes; ours take milliseconds,
   * and the longest wait within one is {@link #PATIENCE_MILLIS}.
   */
  static final int REBALANCE_MILLIS = 2 * PATIENCE_MILLIS;

  /** Deprecated before it is the default; without it every start warns. */
  private static final String GLOBAL_HANDLER = "processing.exception.handler.global.enabled";

  private StreamsSettings() {}

  public static Properties of(ControlPlaneConfig config, ControlMetrics metrics) {
    Properties settings = new Properties();
    settings.putAll(config.kafkaOverrides());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbys());
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.topicReplication());
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
    settings.put(StreamsConfig.POLL_MS_CONFIG, 20L);
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallRocksDb.class.getName());
    settings.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        SkipMalformed.class.getName());
    settings.put(GLOBAL_HANDLER, true);
    settings.put(SkipMalformed.METRICS, metrics);
    // Of each thread's consumer Kafka Streams makes a member of its own.
    config
        .membership()
        .forEach((key, value) -> settings.put(StreamsConfig.mainConsumerPrefix(key), value));
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
        REBALANCE_MILLIS);
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        TRANSACTION_MILLIS);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), TRANSACTION_MILLIS);
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), PATIENCE_MILLIS);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), PATIENCE_MILLIS);
    return settings;
  }
}
