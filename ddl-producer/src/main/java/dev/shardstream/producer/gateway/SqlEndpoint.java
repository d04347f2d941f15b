package dev.shardstream.producer.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.producer.api.CallOptions;
import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.sql.SqlParser;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.JsonValues;
import dev.shardstream.schemas.serving.GuardedServer;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Answers statements. What they may do depends on their kind and on who asks. */
final class SqlEndpoint {
  static final String KEY = "Idempotency-Key";

  private static final String NO_STATEMENT = "none";
  private static final String GOOD = "OK";
  private static final int LONGEST_KEY = 200;

  /** Issuer of commands where callers do not have to say who they are. */
  private static final String ISSUER = "http";

  private final StatementPort port;
  private final ClientConfig config;
  private final int most;
  private final Semaphore free;
  private final MeterRegistry metrics;

  /**
   * @param config its limits are the most that a request can ask for
   * @param most statements at the same time
   */
  SqlEndpoint(StatementPort port, ClientConfig config, int most, MeterRegistry metrics) {
    this.port = port;
    this.config = config;
    this.most = most;
    this.free = new Semaphore(most);
    this.metrics = metrics;
    GatewayMetric.RUNNING.gauge(metrics, () -> most - free.availablePermits());
  }

  /** One request, from its body to the answer. */
  void handle(Context context, GuardedServer server) {
    long begun = System.nanoTime();
    String kind = NO_STATEMENT;
    String outcome = ErrorCode.INTERNAL.name();
    try {
      GuardedServer.requireJson(context);
      SqlRequest request = server.body(context, SqlRequest.class);
      Statement statement = statement(request);
      kind = StatementKind.of(statement).label();
      GuardedServer.require(context, StatementKind.of(statement).role());
      Result result = execute(statement, options(context, request), parameters(request));
      context.contentType("application/json").result(Json.write(SqlAnswer.of(result)));
      outcome = GOOD;
    } catch (ShardstreamException refused) {
      outcome = refused.code().name();
      throw refused;
    } finally {
      GatewayMetric.STATEMENT_SECONDS
          .timer(metrics, kind, outcome)
          .record(Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private Result execute(
      Statement statement, CallOptions options, List<@Nullable Object> parameters) {
    if (!free.tryAcquire()) {
      throw new ShardstreamException(ErrorCode.TOO_MANY_AT_ONCE, "statements", most);
    }
    try {
      return port.execute(statement, options, parameters);
    } finally {
      free.release();
    }
  }

  private static Statement statement(SqlRequest request) {
    return SqlParser.parse(Json.require("statement", request.statement()));
  }

  private CallOptions options(Context context, SqlRequest request) {
    Long millis =
        atMost("timeoutMillis", request.timeoutMillis(), config.queryTimeout().toMillis());
    return new CallOptions(
        request.namespace(),
        GuardedServer.caller(context).map(Principal::name).orElse(ISSUER),
        key(context.header(KEY)),
        atMost("maxRows", request.maxRows(), config.queryRowLimit()),
        millis == null ? null : Duration.ofMillis(millis));
  }

  private static @Nullable Long atMost(String name, @Nullable Long wish, long limit) {
    if (wish != null && (wish < 1 || wish > limit)) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, name + " must be 1 to " + limit);
    }
    return wish;
  }

  private static @Nullable String key(@Nullable String key) {
    if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, KEY + " must have 1 to " + LONGEST_KEY + " characters");
    }
    return key;
  }

  private static List<@Nullable Object> parameters(SqlRequest request) {
    List<@Nullable Object> values = new ArrayList<>();
    if (request.parameters() != null) {
      for (JsonNode parameter : request.parameters()) {
        values.add(JsonValues.decode(parameter));
      }
    }
    return values;
  }
}
