package dev.shardstream.producer.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.producer.api.CallOptions;
import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.producer.config.GatewayConfig;
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
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers statements. What they may do depends on their kind and on who asks. */
final class SqlEndpoint {
  static final String KEY = "Idempotency-Key";

  private static final Logger LOG = LoggerFactory.getLogger(SqlEndpoint.class);
  private static final String NO_STATEMENT = "none";
  private static final String GOOD = "OK";
  private static final int LONGEST_KEY = 200;

  /** Issuer of commands where callers do not have to say who they are. */
  private static final String ISSUER = "http";

  private final StatementPort port;
  private final ClientConfig config;
  private final int most;
  private final int longest;
  private final Semaphore free;
  private final MeterRegistry metrics;

  /**
   * @param config its limits are the most that a request can ask for
   * @param metrics where statements are counted
   */
  SqlEndpoint(StatementPort port, GatewayConfig config, MeterRegistry metrics) {
    this.port = port;
    this.config = config.client();
    this.most = config.mostStatements();
    this.longest = config.longestStatement();
    this.free = new Semaphore(most);
    this.metrics = metrics;
    GatewayMetric.RUNNING.gauge(metrics, () -> most - free.availablePermits());
  }

  /** One request, from its body to the answer. */
  void handle(Context context, GuardedServer server) {
    Measured measured = new Measured();
    try {
      GuardedServer.requireJson(context);
      SqlRequest request = server.body(context, SqlRequest.class);
      String text = bounded(Json.require("statement", request.statement()));
      if (!free.tryAcquire()) {
        throw new ShardstreamException(ErrorCode.TOO_MANY_AT_ONCE, "statements", most);
      }
      // Until the caller has the answer: it is in memory so long, and so is what it is made of.
      try {
        send(context, answer(context, request, text, measured));
      } finally {
        free.release();
      }
    } catch (ShardstreamException refused) {
      measured.outcome = refused.code().name();
      throw refused;
    } finally {
      measured.record();
    }
  }

  /** What is measured of a request; known bit by bit. */
  private final class Measured {
    private final long begun = System.nanoTime();
    private String kind = NO_STATEMENT;
    private String outcome = ErrorCode.INTERNAL.name();

    private void record() {
      GatewayMetric.STATEMENT_SECONDS
          .timer(metrics, kind, outcome)
          .record(Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  /** Before it is read: a tree of a statement takes many times its memory. */
  private String bounded(String statement) {
    if (statement.length() > longest) {
      throw new ShardstreamException(ErrorCode.STATEMENT_TOO_LONG, statement.length(), longest);
    }
    return statement;
  }

  private byte[] answer(Context context, SqlRequest request, String text, Measured measured) {
    Statement statement = SqlParser.parse(text);
    StatementKind kind = StatementKind.of(statement);
    measured.kind = kind.label();
    GuardedServer.require(context, kind.role());
    Result result = port.execute(statement, options(context, request), parameters(request));
    byte[] answer = Json.write(SqlAnswer.of(result)).getBytes(StandardCharsets.UTF_8);
    measured.outcome = GOOD;
    return answer;
  }

  /** Here and not by the server, which would do it after the statement has left. */
  private static void send(Context context, byte[] answer) {
    context.contentType("application/json");
    context.res().setContentLength(answer.length);
    try (OutputStream out = context.outputStream()) {
      out.write(answer);
    } catch (IOException callerGone) {
      LOG.debug("gateway.caller_gone", callerGone);
    }
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
