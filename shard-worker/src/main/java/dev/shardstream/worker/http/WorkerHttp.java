package dev.shardstream.worker.http;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.schemas.serving.GuardedServer;
import dev.shardstream.schemas.serving.HttpErrors;
import dev.shardstream.schemas.serving.OperationsRoutes;
import dev.shardstream.schemas.serving.Refusals;
import dev.shardstream.schemas.serving.RouteAccess;
import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.snapshot.SnapshotPlace;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HttpStatus;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The worker's HTTP server. */
public final class WorkerHttp implements AutoCloseable {
  /** The bounds of a slice are in its URL, and a shard key may be long. */
  private static final int MOST_HEADER_BYTES = 1024 * 1024;

  private static final int ANSWER_THREADS = 4;

  private final Javalin server;
  private final ExecutorService answers =
      Executors.newFixedThreadPool(ANSWER_THREADS, DaemonThreads.named("await-answer"));

  /**
   * @param temporary directory for slices on their way
   * @param snapshots where this node finds snapshots; empty for nowhere
   * @param clock decides which rows of a stream table have expired
   * @param notReady why the node is not ready; empty when it is
   */
  public WorkerHttp(
      HttpSettings settings,
      ShardRegistry shards,
      Path temporary,
      Optional<SnapshotPlace> snapshots,
      Clock clock,
      PrometheusMeterRegistry metrics,
      Supplier<Optional<String>> notReady) {
    QueryEndpoint query = new QueryEndpoint(shards, settings, clock, metrics);
    AwaitEndpoint await = new AwaitEndpoint(shards, settings, answers);
    SliceEndpoint slices = new SliceEndpoint(shards, temporary);
    SnapshotsEndpoint seen = new SnapshotsEndpoint(snapshots);
    this.server =
        Javalin.create(
            config -> {
              GuardedServer bodies =
                  configure(config, settings, new Refusals(WorkerMetric.REQUESTS_REFUSED, metrics));
              OperationsRoutes.add(config, metrics::scrape, notReady);
              config.routes.post(
                  Paths.QUERY,
                  context -> query.handle(context, bodies.body(context, QueryRequest.class)),
                  RouteAccess.READ);
              config.routes.post(
                  Paths.AWAIT,
                  context -> await.handle(context, bodies.body(context, AwaitRequest.class)),
                  RouteAccess.WRITE);
              config.routes.get(Paths.SLICE_PATTERN, slices::handle, RouteAccess.NODE);
              config.routes.get(Paths.SNAPSHOTS_PATTERN, seen::handle, RouteAccess.NODE);
              errors(config);
            });
  }

  private static GuardedServer configure(
      JavalinConfig config, HttpSettings settings, Refusals refusals) {
    config.jetty.modifyHttpConfiguration(http -> http.setRequestHeaderSize(MOST_HEADER_BYTES));
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.asyncTimeout = settings.waitMax().plusSeconds(30).toMillis();
    return GuardedServer.configure(
        config, settings.access(), settings.host(), settings.port(), refusals);
  }

  private static void errors(JavalinConfig config) {
    config.routes.exception(
        SliceEndpoint.SliceNotFoundException.class,
        (failure, context) ->
            HttpErrors.answer(
                context,
                HttpStatus.NOT_FOUND,
                new ErrorBody(
                    ErrorCode.STALE_TOPOLOGY.name(), String.valueOf(failure.getMessage()))));
  }

  /** Binds the port and serves. */
  public void start() {
    server.start();
  }

  /** The bound port. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
    answers.shutdown();
  }
}
