package dev.shardstream.producer.config;

import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.HttpServerKeys;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings of a gateway: those of the client that it is, and of the server. */
public final class GatewayConfig extends ClusterConfig {
  public static final String STATEMENTS = "gateway.statements.max";
  public static final String STATEMENT_LENGTH = "statement.length.max";

  private final ClientConfig client;

  private GatewayConfig(Map<String, String> settings) {
    super(keys(), settings);
    client = ClientConfig.of(settings);
  }

  /**
   * @throws dev.shardstream.schemas.contract.ShardstreamException INVALID_CONFIG
   */
  public static GatewayConfig of(Map<String, String> settings) {
    return checked(() -> new GatewayConfig(settings));
  }

  /**
   * All keys of a gateway, those of a client among them.
   *
   * @return a definition that the caller owns
   */
  public static ConfigDef keys() {
    return HttpServerKeys.define(
        ClientConfig.keys()
            .define(
                STATEMENTS,
                Type.INT,
                64,
                Range.between(1, 200),
                Importance.MEDIUM,
                "Most statements at the same time; more of them are refused with"
                    + " TOO_MANY_AT_ONCE.")
            .define(
                STATEMENT_LENGTH,
                Type.INT,
                1_000_000,
                Range.between(1_000, 1_000_000_000),
                Importance.LOW,
                "Most characters of a statement."));
  }

  /** The settings of the client. */
  public ClientConfig client() {
    return client;
  }

  public String httpHost() {
    return getString(HttpServerKeys.HOST);
  }

  /** 0 for a free one. */
  public int httpPort() {
    return getInt(HttpServerKeys.PORT);
  }

  public int mostStatements() {
    return getInt(STATEMENTS);
  }

  /** Characters. */
  public int longestStatement() {
    return getInt(STATEMENT_LENGTH);
  }
}
