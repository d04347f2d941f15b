package dev.shardstream.schemas.config;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/** What every process and client must know of the cluster. Base of each process's own config. */
public class ClusterConfig extends AbstractConfig {
  public static final String CLUSTER_NAME = "cluster.name";
  public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  public static final String SCHEMA_REGISTRY_URL = "schema.registry.url";
  public static final String CONNECT_TIMEOUT = "connect.timeout.ms";
  public static final String TOPIC_REPLICATION = "topic.replication.factor";
  public static final String TLS_KEYSTORE = "http.tls.keystore.file";
  public static final String TLS_KEY = "http.tls.key.file";
  public static final String TLS_KEYSTORE_PASSWORD = "http.tls.keystore.password";
  public static final String TLS_TRUSTSTORE = "http.tls.truststore.file";
  public static final String TLS_TRUSTSTORE_PASSWORD = "http.tls.truststore.password";
  public static final String AUTH_TOKEN_FILE = "http.auth.token.file";
  public static final String KAFKA_PREFIX = "kafka.";
  public static final String REGISTRY_PREFIX = "registry.";

  protected ClusterConfig(ConfigDef definition, Map<String, String> settings) {
    super(definition, settings, false);
  }

  /**
   * The keys of this class; a process adds its own.
   *
   * @return a definition that the caller owns
   */
  public static ConfigDef definition() {
    return callers(cluster());
  }

  private static ConfigDef cluster() {
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

  /** What a process shows to those whom it calls over HTTP, and whom it trusts. */
  private static ConfigDef callers(ConfigDef keys) {
    return keys.define(
            TLS_KEYSTORE,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "This process's certificate, PEM with those that sign it after it, or PKCS #12 with its"
                + " key. With it a server speaks HTTPS, and it is shown to servers that ask for one."
                + " Read again when it changes.")
        .define(
            TLS_KEY,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "The key of a PEM certificate (PKCS #8, not encrypted); empty when it is in the same"
                + " file.")
        .define(
            TLS_KEYSTORE_PASSWORD,
            Type.PASSWORD,
            null,
            Importance.MEDIUM,
            "Password of http.tls.keystore.file, if that is PKCS #12.")
        .define(
            TLS_TRUSTSTORE,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Certificates, PEM or PKCS #12, that sign those of the servers that this process calls"
                + " and of the callers whom it serves; empty for those that Java trusts. Read again"
                + " when it changes.")
        .define(
            TLS_TRUSTSTORE_PASSWORD,
            Type.PASSWORD,
            null,
            Importance.MEDIUM,
            "Password of http.tls.truststore.file, if that is PKCS #12.")
        .define(
            AUTH_TOKEN_FILE,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "File with the token that this process shows to those whom it calls over HTTP. Read"
                + " again when it changes.");
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

  /**
   * Why Kafka could not be asked: KAFKA_REFUSED, with Kafka's own words, which name the topic or
   * the group, when it is there and does not let this process in; otherwise {@link
   * #kafkaUnreachable}.
   */
  public ShardstreamException kafkaFailure(Throwable failure) {
    Throwable cause =
        failure instanceof ExecutionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    ShardstreamException why =
        cause instanceof AuthenticationException || cause instanceof AuthorizationException
            ? new ShardstreamException(
                ErrorCode.KAFKA_REFUSED, bootstrapServers(), cause.getMessage())
            : kafkaUnreachable();
    return why.causedBy(failure);
  }

  public short topicReplication() {
    return getShort(TOPIC_REPLICATION);
  }

  /** Settings under {@code registry.}, for the client of the registry as they are. */
  public Map<String, Object> registryOverrides() {
    return new HashMap<>(originalsWithPrefix(REGISTRY_PREFIX));
  }

  /** Settings under {@code kafka.}, for every Kafka client as they are: security and the like. */
  public Map<String, Object> kafkaOverrides() {
    Map<String, Object> overrides = new HashMap<>(originalsWithPrefix(KAFKA_PREFIX));
    overrides.put(BOOTSTRAP_SERVERS, bootstrapServers());
    return overrides;
  }
}
