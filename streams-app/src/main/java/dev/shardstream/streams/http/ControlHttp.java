package dev.shardstream.streams.http;

import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.serving.GuardedServer;
import dev.shardstream.schemas.serving.OperationsRoutes;
import dev.shardstream.schemas.serving.Refusals;
import dev.shardstream.schemas.serving.RouteAccess;
import dev.shardstream.streams.live.EventHub;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.topology.ControlMetric;
import dev.shardstream.streams.view.ClusterState;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.staticfiles.Location;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** The HTTP server of the control plane. */
public final class ControlHttp implements AutoCloseable {
  private static final long ASYNC_MILLIS = (Commands.MOST_WAIT_SECONDS + 30) * 1000L;

  /** How long to wait for the ends of streams before the server stops nevertheless. */
  private static final Duration STREAMS_END_LIMIT = Duration.ofSeconds(10);

  private static final String CONSOLE = "/dev/shardstream/streams/console";

  /** The console loads what it is made of from here, and nothing else from anywhere. */
  private static final Map<String, String> CONSOLE_HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'",
          "Cache-Control",
          "no-cache",
          "Referrer-Policy",
          "no-referrer");

  /**
   * What answers.
   *
   * @param state throws STATE_UNAVAILABLE before there is one
   * @param forwarding reaches the other processes
   * @param history the versions of a table by its id
   * @param commands where commands go
   * @param events what changes
   * @param limits by which nodes are judged
   * @param notReady why the process is not ready for work; empty when it is
   */
  public record Parts(
      Supplier<ClusterState> state,
      Forwarding forwarding,
      Function<String, List<SchemaVersion>> history,
      CommandPort commands,
      EventHub events,
      Limits limits,
      Supplier<Optional<String>> notReady) {}

  private final Javalin server;
  private final EventStream events;

  private ControlHttp(Javalin server, EventStream events) {
    this.server = server;
    this.events = events;
  }

  /**
   * Starts to serve.
   *
   * @param port 0 for any free one
   * @param access who may call
   */
  public static ControlHttp start(
      String host, int port, ServerAccess access, PrometheusMeterRegistry metrics, Parts parts) {
    return start(host, port, access, metrics, parts, STREAMS_END_LIMIT);
  }

  static ControlHttp start(
      String host,
      int port,
      ServerAccess access,
      PrometheusMeterRegistry metrics,
      Parts parts,
      Duration streamsEndLimit) {
    EventStream events = new EventStream(parts.events(), streamsEndLimit);
    Javalin server =
        Javalin.create(
            config -> {
              GuardedServer guarded =
                  GuardedServer.configure(
                      config,
                      access,
                      host,
                      port,
                      new Refusals(ControlMetric.REQUESTS_REFUSED, metrics));
              configure(config);
              OperationsRoutes.add(config, metrics::scrape, parts.notReady());
              routes(parts, events, guarded)
                  .forEach(
                      route ->
                          config.routes.addHttpHandler(
                              route.method(), route.path(), route.handler(), route.need()));
            });
    return new ControlHttp(server.start(), events);
  }

  private static void configure(JavalinConfig config) {
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.asyncTimeout = ASYNC_MILLIS;
    config.routes.before(context -> context.header("X-Content-Type-Options", "nosniff"));
    config.staticFiles.add(
        files -> {
          files.directory = CONSOLE;
          files.location = Location.CLASSPATH;
          files.headers = CONSOLE_HEADERS;
          files.roles = Set.of(RouteAccess.OPEN);
        });
  }

  static List<Route> routes(Parts parts, EventStream events, GuardedServer guarded) {
    OpenApi openApi = new OpenApi();
    List<Route> routes =
        ApiRoutes.of(
            new Reads(parts.state(), parts.forwarding(), parts.history(), parts.limits()),
            new Commands(parts.commands(), guarded),
            events,
            openApi);
    openApi.describe(routes);
    return routes;
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    events.close();
    server.stop();
  }
}
