package dev.shardstream.schemas.config;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** What every process and client must know of the cluster. Base of each process's own config. */
public class ClusterConfig extends AbstractConfig {
  public static final String CLUSTER_NAME = "cluster.name";
  public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  public static final String SCHEMA_REGISTRY_URL = "schema.registry.url";
  public static final String CONNECT_TIMEOUT = "connect.timeout.ms";
  public static final String TOPIC_REPLICATION = "topic.replication.factor";
  public static final String KAFKA_PREFIX = "kafka.";

  protected ClusterConfig(ConfigDef definition, Map<String, String> settings) {
    super(definition, settings, false);
  }

  /**
   * The keys of this class; a process adds its own.
   *
   * @return a definition that the caller owns
   */
  public static ConfigDef definition() {
    return new ConfigDef()
        .define(
            CLUSTER_NAME,
            Type.STRING,
            "shardstream",
            Importance.HIGH,
            "Name of the cluster and prefix of its topics and groups: letters, digits, '_' and '-', at"
                + " most 50; the same in every process and client.")
        .define(
            BOOTSTRAP_SERVERS,
            Type.STRING,
            Importance.HIGH,
            "Kafka's addresses, like broker-1:9092,broker-2:9092.")
        .define(
            SCHEMA_REGISTRY_URL,
            Type.STRING,
            Importance.HIGH,
            "URL of the schema registry, like http://registry:8081.")
        .define(
            CONNECT_TIMEOUT,
            Type.INT,
            15_000,
            ConfigDef.Range.atLeast(100),
            Importance.MEDIUM,
            "How long to look for Kafka or the registry before giving up, milliseconds.")
        .define(
            TOPIC_REPLICATION,
            Type.SHORT,
            (short) -1,
            Importance.MEDIUM,
            "Copies that Kafka keeps of each topic that Shardstream creates; -1 for the brokers'"
                + " default.replication.factor.");
  }

  /**
   * Builds a config and turns Kafka's complaint into ours.
   *
   * @throws ShardstreamException INVALID_CONFIG that names the key
   */
  public static <T> T checked(java.util.function.Supplier<T> config) {
    try {
      return config.get();
    } catch (ConfigException e) {
      throw new ShardstreamException(ErrorCode.INVALID_CONFIG, e.getMessage()).causedBy(e);
    }
  }

  public Topics topics() {
    return new Topics(getString(CLUSTER_NAME));
  }

  public String bootstrapServers() {
    return getString(BOOTSTRAP_SERVERS);
  }

  public String registryUrl() {
    return getString(SCHEMA_REGISTRY_URL);
  }

  public Duration connectTimeout() {
    return Duration.ofMillis(getInt(CONNECT_TIMEOUT));
  }

  /** KAFKA_UNREACHABLE, with the configured address and patience. */
  public ShardstreamException kafkaUnreachable() {
    return new ShardstreamException(
        ErrorCode.KAFKA_UNREACHABLE, bootstrapServers(), connectTimeout().toSeconds());
  }

  public short topicReplication() {
    return getShort(TOPIC_REPLICATION);
  }

  /** Settings under {@code kafka.}, for every Kafka client as they are: security and the like. */
  public Map<String, Object> kafkaOverrides() {
    Map<String, Object> overrides = new HashMap<>(originalsWithPrefix(KAFKA_PREFIX));
    overrides.put(BOOTSTRAP_SERVERS, bootstrapServers());
    return overrides;
  }
}
