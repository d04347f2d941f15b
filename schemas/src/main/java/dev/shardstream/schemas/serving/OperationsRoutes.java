package dev.shardstream.schemas.serving;

import dev.shardstream.schemas.http.Paths;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.Optional;
import java.util.function.Supplier;

/** What every process says of itself to those who operate it. */
public final class OperationsRoutes {
  /** Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats). */
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private OperationsRoutes() {}

  /**
   * Adds {@code /healthz}, which answers as long as the process does, {@code /readyz} and {@code
   * /metrics}.
   *
   * @param metrics in Prometheus' text format
   * @param notReady why the process is not ready for work; empty when it is
   */
  public static void add(
      JavalinConfig config, Supplier<String> metrics, Supplier<Optional<String>> notReady) {
    config.routes.get(Paths.HEALTH, context -> context.result("ok\n"), RouteAccess.OPEN);
    config.routes.get(Paths.READY, context -> ready(context, notReady.get()), RouteAccess.OPEN);
    config.routes.get(
        Paths.METRICS,
        context -> context.contentType(METRICS_TYPE).result(metrics.get()),
        RouteAccess.METRICS);
  }

  private static void ready(Context context, Optional<String> notReady) {
    context
        .status(notReady.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .result(notReady.orElse("ready") + "\n");
  }
}
