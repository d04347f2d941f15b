package dev.shardstream.worker.http;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.ShardRef;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers statements: waits until the shard is as far as they need it, runs them, streams their
 * rows.
 */
final class QueryEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(QueryEndpoint.class);
  private static final int MOST_BLOCK_ROWS = 10_000;

  private final ShardRegistry shards;
  private final HttpSettings settings;
  private final StatementRunner runner;
  private final Timer statements;

  /** Each holds a thread of the server, also while it waits for its shard. */
  private final Semaphore places;

  QueryEndpoint(ShardRegistry shards, HttpSettings settings, Clock clock, MeterRegistry metrics) {
    this.shards = shards;
    this.settings = settings;
    this.places = new Semaphore(settings.statementsAtOnce());
    this.runner = new StatementRunner(clock);
    this.statements = WorkerMetric.STATEMENTS.timer(metrics);
  }

  void handle(Context context, QueryRequest request) {
    if (request.sql().length() > settings.statementLength()) {
      throw new ShardstreamException(
          ErrorCode.STATEMENT_TOO_LONG, request.sql().length(), settings.statementLength());
    }
    if (!places.tryAcquire()) {
      throw new ShardstreamException(
          ErrorCode.TOO_MANY_AT_ONCE, "statements", settings.statementsAtOnce());
    }
    try {
      answer(context, request);
    } finally {
      places.release();
    }
  }

  private void answer(Context context, QueryRequest request) {
    HostedShard shard =
        shards.require(new ShardRef(request.tableId(), request.shardId())).requireReadable();
    context.contentType("application/x-ndjson");
    long started = System.nanoTime();
    long deadline = System.nanoTime() + wait(request).toNanos();
    awaitSchema(shard, request, deadline);
    awaitFreshness(shard, request, deadline);
    awaitPositions(shard, request, deadline);
    NdjsonAnswer answer =
        new NdjsonAnswer(context.outputStream(), blockRows(request), settings.bytesMax());
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

  /**
   * Before the snapshot is taken, so that the answer has everything as of so long before the
   * request, whenever it arrives.
   */
  private static void awaitFreshness(HostedShard shard, QueryRequest request, long deadline) {
    long bound = request.maxStalenessMillis();
    if (bound <= 0 || join(shard.freshness().reach(Duration.ofMillis(bound), left(deadline)))) {
      return;
    }
    throw failure(shard)
        .orElseGet(() -> new ShardstreamException(ErrorCode.READ_TOO_STALE, shard.ref(), bound));
  }

  private void awaitPositions(HostedShard shard, QueryRequest request, long deadline) {
    List<Position> wanted = request.minPositions();
    if (!join(shard.board().reach(wanted, left(deadline)))) {
      throw notReached(shard, wanted, wait(request));
    }
  }

  private void awaitSchema(HostedShard shard, QueryRequest request, long deadline) {
    int wanted = request.schemaVersion();
    if (join(
        shard
            .file()
            .schemas()
            .reach(table -> table.getSchemaVersion() >= wanted, left(deadline)))) {
      return;
    }
    Table table = shard.file().definition().table();
    throw failure(shard)
        .orElseGet(
            () ->
                new ShardstreamException(
                    ErrorCode.STALE_SCHEMA, table.getSchemaVersion(), table.getName(), wanted));
  }

  private static boolean join(CompletableFuture<Boolean> reached) {
    try {
      return reached.join();
    } catch (CompletionException closed) {
      throw closed.getCause() instanceof ShardstreamException known ? known : closed;
    }
  }

  /** How long a request may wait before it reads. */
  private Duration wait(QueryRequest request) {
    return Duration.ofMillis(
        Math.min(Math.max(0, request.maxWaitMillis()), settings.waitMax().toMillis()));
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  private static int blockRows(QueryRequest request) {
    return Math.min(Math.max(1, request.blockRows()), MOST_BLOCK_ROWS);
  }

  /** Why a position was not reached in time. */
  private static ShardstreamException notReached(
      HostedShard shard, List<Position> wanted, Duration wait) {
    return failure(shard)
        .orElseGet(
            () -> new ShardstreamException(ErrorCode.WRITE_NOT_APPLIED, wanted, wait.toSeconds()));
  }

  private static Optional<ShardstreamException> failure(HostedShard shard) {
    return shard
        .failure()
        .map(reason -> new ShardstreamException(ErrorCode.SHARD_FAILED, shard.ref(), reason));
  }
}
