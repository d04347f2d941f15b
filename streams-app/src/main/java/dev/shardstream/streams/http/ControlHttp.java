package dev.shardstream.streams.http;

import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.serving.GuardedServer;
import dev.shardstream.schemas.serving.HttpErrors;
import dev.shardstream.schemas.serving.RouteAccess;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import java.util.function.Supplier;

/** The HTTP server of the control plane. */
public final class ControlHttp implements AutoCloseable {
  private static final int UNAVAILABLE = 503;

  private final Javalin server;

  private ControlHttp(Javalin server) {
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @param port 0 for any free one
   * @param access who may call
   * @param notReady why the process is not ready for work; empty when it is
   */
  public static ControlHttp start(
      String host,
      int port,
      ServerAccess access,
      PrometheusMeterRegistry metrics,
      Supplier<Optional<String>> notReady) {
    Javalin server =
        Javalin.create(
            config -> {
              GuardedServer.configure(config, access, host, port);
              config.routes.get(Paths.HEALTH, context -> context.result("ok"), RouteAccess.OPEN);
              config.routes.get(
                  Paths.READY,
                  context -> {
                    Optional<String> reason = notReady.get();
                    context.status(reason.isEmpty() ? 200 : UNAVAILABLE);
                    context.result(reason.orElse("ready"));
                  },
                  RouteAccess.OPEN);
              config.routes.get(
                  Paths.METRICS,
                  context ->
                      context
                          .contentType("text/plain; version=0.0.4; charset=utf-8")
                          .result(metrics.scrape()),
                  RouteAccess.METRICS);
              config.routes.exception(
                  ShardstreamException.class,
                  (failure, context) -> HttpErrors.answer(context, failure));
            });
    return new ControlHttp(server.start());
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
