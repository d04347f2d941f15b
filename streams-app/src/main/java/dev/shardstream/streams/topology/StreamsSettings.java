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

  /** Three of them may be lost before a process counts as gone. */
  private static final int HEARTBEATS_IN_A_SESSION = 4;

  /** A killed process's transaction holds readers of committed records up for so long at most. */
  private static final int TRANSACTION_MILLIS = 10_000;

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
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        config.sessionTimeoutMillis());
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        config.sessionTimeoutMillis() / HEARTBEATS_IN_A_SESSION);
    // Of each thread's consumer Kafka Streams makes a member of its own from it.
    config
        .instanceId()
        .ifPresent(
            id ->
                settings.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), id));
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        TRANSACTION_MILLIS);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    return settings;
  }
}
