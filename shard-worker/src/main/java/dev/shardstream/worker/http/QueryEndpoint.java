package dev.shardstream.worker.http;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.worker.apply.Applier;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.ShardRef;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers statements: waits for the positions they need, runs them, streams their rows. */
final class QueryEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(QueryEndpoint.class);

  private final ShardRegistry shards;
  private final HttpSettings settings;
  private final StatementRunner runner;
  private final Timer statements;

  QueryEndpoint(
      ShardRegistry shards,
      HttpSettings settings,
      ScheduledExecutorService alarms,
      MeterRegistry metrics) {
    this.shards = shards;
    this.settings = settings;
    this.runner = new StatementRunner(alarms);
    this.statements =
        Timer.builder("shardstream_worker_statement")
            .description("Time of a statement, waiting and sending included.")
            .register(metrics);
  }

  void handle(Context context) {
    QueryRequest request = Json.read(context.body(), QueryRequest.class);
    HostedShard shard =
        shards.require(new ShardRef(request.tableId(), request.shardId())).requireReadable();
    context.contentType("application/x-ndjson");
    long started = System.nanoTime();
    awaitPositions(shard, request);
    NdjsonAnswer answer = new NdjsonAnswer(context.outputStream());
    try {
      run(shard, request, answer);
    } catch (UncheckedIOException clientGone) {
      LOG.debug("query.client_gone shard={}", shard.ref(), clientGone);
    } catch (ShardstreamException failure) {
      if (!answer.hasBegun()) {
        throw failure;
      }
      answer.fail(ErrorBody.of(failure));
    } finally {
      statements.record(Duration.ofNanos(System.nanoTime() - started));
    }
  }

  private void run(HostedShard shard, QueryRequest request, NdjsonAnswer answer) {
    Duration limit =
        Duration.ofMillis(
            Math.min(Math.max(1, request.timeoutMillis()), settings.statementMax().toMillis()));
    long maxRows = Math.min(Math.max(0, request.maxRows()), settings.rowsMax());
    try {
      shard
          .readers()
          .read(
              limit,
              reader -> {
                runner.run(reader, shard.file().shape(), request, limit, maxRows, answer);
                return true;
              });
    } catch (SQLException failure) {
      throw new ShardstreamException(ErrorCode.SHARD_FAILED, shard.ref(), failure.getMessage())
          .causedBy(failure);
    }
  }

  private void awaitPositions(HostedShard shard, QueryRequest request) {
    List<Position> wanted = Optional.ofNullable(request.minPositions()).orElse(List.of());
    long wait = Math.min(Math.max(0, request.maxWaitMillis()), settings.waitMax().toMillis());
    try {
      if (shard.board().reach(wanted, Duration.ofMillis(wait)).join()) {
        return;
      }
    } catch (CompletionException closed) {
      throw closed.getCause() instanceof ShardstreamException known ? known : closed;
    }
    throw notReached(shard, wanted, wait);
  }

  /** Why a position was not reached in time. */
  static ShardstreamException notReached(HostedShard shard, List<Position> wanted, long wait) {
    Optional<String> failure = shard.applier().map(Applier::status).flatMap(s -> s.failure());
    return failure.isPresent()
        ? new ShardstreamException(ErrorCode.SHARD_FAILED, shard.ref(), failure.get())
        : new ShardstreamException(ErrorCode.WRITE_NOT_APPLIED, wanted, wait / 1000);
  }
}
