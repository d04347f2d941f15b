package dev.shardstream.producer.gateway;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.producer.config.GatewayConfig;
import dev.shardstream.schemas.metrics.ProcessMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Optional;

/**
 * A client that executes statements which come over HTTP. All of them are of one session: each
 * shows what was written through this gateway before it.
 */
public final class Gateway implements AutoCloseable {
  private final Shardstream client;
  private final ProcessMeters meters;
  private final GatewayHttp http;
  private final String url;

  private Gateway(GatewayConfig config, Shardstream client) {
    this.client = client;
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.meters = new ProcessMeters(metrics);
    this.http =
        GatewayHttp.start(
            config,
            (statement, options, parameters) ->
                client.execute(statement, options, parameters.toArray()),
            metrics,
            this::notReady);
    String scheme = config.getString(GatewayConfig.TLS_KEYSTORE).isEmpty() ? "http" : "https";
    this.url = scheme + "://" + config.httpHost() + ":" + http.port();
  }

  /**
   * Connects to the cluster and serves.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException INVALID_CONFIG, FILE_ERROR, and
   *     what {@link Shardstream#connect(Map)} throws
   */
  public static Gateway start(Map<String, String> settings) {
    GatewayConfig config = GatewayConfig.of(settings);
    Shardstream client = Shardstream.connect(settings);
    try {
      return new Gateway(config, client);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /** Heartbeats come by Kafka: with none of them, there is no Kafka or nobody who could answer. */
  private Optional<String> notReady() {
    return client.nodes().list().stream().anyMatch(node -> node.state().equals("up"))
        ? Optional.empty()
        : Optional.of("no shard worker is heard of");
  }

  /** Where it listens. */
  public String url() {
    return url;
  }

  /** Ends what runs, and then the client. */
  @Override
  public void close() {
    http.close();
    meters.close();
    client.close();
  }
}
