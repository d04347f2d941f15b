package dev.shardstream.producer.gateway;

import dev.shardstream.producer.config.GatewayConfig;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.serving.GuardedServer;
import dev.shardstream.schemas.serving.OperationsRoutes;
import dev.shardstream.schemas.serving.Refusals;
import dev.shardstream.schemas.serving.RouteAccess;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;

/** The HTTP server of a gateway. */
public final class GatewayHttp implements AutoCloseable {
  static final String SQL = "/v1/sql";
  static final String OPEN_API = "/v1/openapi.json";

  private static final String DESCRIPTION = "openapi.json";

  private final Javalin server;

  private GatewayHttp(Javalin server) {
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @param port where statements go
   * @param notReady why it is not ready for work; empty when it is
   */
  public static GatewayHttp start(
      GatewayConfig config,
      StatementPort port,
      PrometheusMeterRegistry metrics,
      Supplier<Optional<String>> notReady) {
    ServerAccess access = ServerAccess.of(config, config.httpHost());
    SqlEndpoint sql = new SqlEndpoint(port, config, metrics);
    GatewayMetric.READY.gauge(metrics, () -> notReady.get().isEmpty() ? 1 : 0);
    Javalin server =
        Javalin.create(
            javalin -> {
              GuardedServer guarded =
                  GuardedServer.configure(
                      javalin,
                      access,
                      config.httpHost(),
                      config.httpPort(),
                      new Refusals(GatewayMetric.REQUESTS_REFUSED, metrics));
              javalin.http.compressionStrategy = CompressionStrategy.NONE;
              javalin.routes.before(context -> context.header("X-Content-Type-Options", "nosniff"));
              OperationsRoutes.add(javalin, metrics::scrape, notReady);
              // What a statement needs is known when it is read.
              javalin.routes.post(SQL, context -> sql.handle(context, guarded), RouteAccess.READ);
              javalin.routes.get(
                  OPEN_API,
                  context -> context.contentType("application/json").result(description()),
                  RouteAccess.OPEN);
            });
    try {
      return new GatewayHttp(server.start());
    } catch (RuntimeException notBound) {
      throw new ShardstreamException(
              ErrorCode.INVALID_CONFIG,
              "http.host and http.port: cannot listen on "
                  + config.httpHost()
                  + ":"
                  + config.httpPort())
          .causedBy(notBound);
    }
  }

  private static byte[] description() {
    try (InputStream in = GatewayHttp.class.getResourceAsStream(DESCRIPTION)) {
      if (in == null) {
        throw new IllegalStateException(DESCRIPTION + " is not in the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bound port. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
