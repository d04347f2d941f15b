package dev.shardstream.producer.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.producer.api.CallOptions;
import dev.shardstream.producer.api.Result;
import dev.shardstream.producer.config.GatewayConfig;
import dev.shardstream.producer.sql.SelectStatement;
import dev.shardstream.producer.sql.Statement;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.Token;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.reflect.RecordComponent;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GatewayHttpTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String ONE = "{\"statement\": \"SELECT 1\"}";

  /** One call of the port. */
  private record Call(Class<?> statement, CallOptions options, List<Object> parameters) {}

  private final List<Call> calls = new ArrayList<>();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpClient client = HttpClient.newHttpClient();
  private Optional<String> notReady = Optional.empty();
  private Result result = new Result(List.of("1"), List.of(List.of(1L)), -1);
  private GatewayHttp http;

  @AfterEach
  void stop() {
    http.close();
  }

  private void serve(String... settings) {
    serve(
        (statement, options, parameters) -> {
          calls.add(new Call(statement.getClass(), options, parameters));
          return result;
        },
        settings);
  }

  private void serve(StatementPort port, String... settings) {
    Map<String, String> all = new HashMap<>();
    all.put(GatewayConfig.CLUSTER_NAME, "test");
    all.put(GatewayConfig.BOOTSTRAP_SERVERS, "localhost:1");
    all.put(GatewayConfig.SCHEMA_REGISTRY_URL, "http://localhost:1");
    for (int at = 0; at < settings.length; at += 2) {
      all.put(settings[at], settings[at + 1]);
    }
    http = GatewayHttp.start(GatewayConfig.of(all), port, metrics, () -> notReady);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body, String... headers) throws Exception {
    return client.send(request(body, headers), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(GatewayHttp.SQL))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .setHeader("Content-Type", "application/json");
    for (int at = 0; at < headers.length; at += 2) {
      request.setHeader(headers[at], headers[at + 1]);
    }
    return request.build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + http.port() + path);
  }

  private static void assertError(HttpResponse<String> answer, int status, ErrorCode code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(Json.read(answer.body(), ErrorBody.class).code()).isEqualTo(code.name());
  }

  @Test
  void a_statement_is_executed_with_what_the_request_says() throws Exception {
    serve();
    post(
        """
        {"statement": "SELECT ?, ?, ?;", "parameters": [7, "x", null], "namespace": "shop",
         "maxRows": 10, "timeoutMillis": 500}""");
    post("{\"statement\": \"DROP TABLE t\"}", SqlEndpoint.KEY, "k1");

    assertThat(calls)
        .containsExactly(
            new Call(
                SelectStatement.class,
                new CallOptions("shop", "http", null, 10L, Duration.ofMillis(500)),
                Arrays.asList(7L, "x", null)),
            new Call(
                Statement.DropTable.class,
                new CallOptions(null, "http", "k1", null, null),
                List.of()));
  }

  @Test
  void an_answer_has_names_types_and_exact_values() throws Exception {
    result =
        new Result(
            List.of("i", "r", "t", "b", "any", "none"),
            List.of(
                Arrays.asList(Long.MAX_VALUE, 1.0, "it's", new byte[] {1}, 1L, null),
                Arrays.asList(null, Double.POSITIVE_INFINITY, null, null, "1", null)),
            -1);
    serve();
    HttpResponse<String> answer = post(ONE);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(answer.body())
        .isEqualTo(
            "{\"columns\":[{\"name\":\"i\",\"type\":\"INTEGER\"},{\"name\":\"r\",\"type\":\"REAL\"},"
                + "{\"name\":\"t\",\"type\":\"TEXT\"},{\"name\":\"b\",\"type\":\"BLOB\"},"
                + "{\"name\":\"any\",\"type\":\"ANY\"},{\"name\":\"none\",\"type\":\"NULL\"}],"
                + "\"rows\":[[9223372036854775807,1.0,\"it's\",{\"b\":\"AQ==\"},1,null],"
                + "[null,{\"r\":\"Infinity\"},null,null,\"1\",null]],\"rowsAffected\":null}");
    result = new Result(List.of("rows_affected"), List.of(List.of(3L)), 3);
    assertThat(Json.mapper().readTree(post(ONE).body()).get("rowsAffected").asLong()).isEqualTo(3);
  }

  @Test
  void what_is_wrong_is_an_error_with_its_code() throws Exception {
    serve(
        (statement, options, parameters) -> {
          throw new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, "t");
        });
    assertError(post("{\"statement\": \"SELECT * FROM t\"}"), 404, ErrorCode.TABLE_NOT_FOUND);
    assertError(post("{\"statement\": \"SELEKT\"}"), 400, ErrorCode.SYNTAX);
    assertError(post("{\"statement\": \"SELECT 1; SELECT 2\"}"), 400, ErrorCode.SYNTAX);
    assertError(post("{}"), 400, ErrorCode.INVALID_ARGUMENT);
    assertError(post("null"), 400, ErrorCode.INVALID_ARGUMENT);
    assertError(post("{]"), 400, ErrorCode.INVALID_ARGUMENT);
    assertError(post(ONE, "Content-Type", "text/plain"), 400, ErrorCode.INVALID_ARGUMENT);
    assertError(post(ONE, SqlEndpoint.KEY, "k".repeat(201)), 400, ErrorCode.INVALID_ARGUMENT);
    for (String limit :
        List.of("\"maxRows\": 0", "\"maxRows\": 1000001", "\"timeoutMillis\": 30001")) {
      assertError(
          post("{\"statement\": \"SELECT 1\", " + limit + "}"), 400, ErrorCode.INVALID_ARGUMENT);
    }
    assertError(
        post("{\"statement\": \"SELECT ?\", \"parameters\": [[1]]}"),
        400,
        ErrorCode.INVALID_ARGUMENT);
    assertError(get("/v1/none"), 404, ErrorCode.UNKNOWN_ENDPOINT);
    assertThat(metrics.scrape())
        .contains(
            "shardstream_gateway_requests_refused_total{code=\"SYNTAX\"} 2.0",
            "shardstream_gateway_requests_refused_total{code=\"UNKNOWN_ENDPOINT\"} 1.0");
  }

  @Test
  void each_kind_of_statement_needs_its_role_and_is_issued_by_who_asks(@TempDir Path directory)
      throws Exception {
    Path principals = directory.resolve("principals");
    Files.write(
        principals,
        List.of(
            Token.line(new Principal("r", Role.READ), "shs_READ"),
            Token.line(new Principal("w", Role.WRITE), "shs_WRITE"),
            Token.line(new Principal("d", Role.DDL), "shs_DDL"),
            Token.line(new Principal("a", Role.ADMIN), "shs_ADMIN")));
    serve(HttpServerKeys.PRINCIPALS, principals.toString());
    Map<String, Role> needs =
        Map.of(
            "SELECT 1", Role.READ,
            "SHOW TABLES", Role.READ,
            "DELETE FROM t WHERE id = 1", Role.WRITE,
            "PRAGMA reshardTable('t', 8)", Role.DDL,
            "DRAIN NODE 'n'", Role.DDL,
            "KILL LIVE QUERY 'q'", Role.ADMIN);
    for (Map.Entry<String, Role> need : needs.entrySet()) {
      String body = Json.write(Map.of("statement", need.getKey()));
      for (Role role : List.of(Role.READ, Role.WRITE, Role.DDL, Role.ADMIN)) {
        HttpResponse<String> answer = post(body, "Authorization", "Bearer shs_" + role);
        if (role.covers(need.getValue())) {
          assertThat(answer.statusCode()).as("%s as %s", need, role).isEqualTo(200);
          assertThat(calls.get(calls.size() - 1).options().issuedBy())
              .isEqualTo(role.name().substring(0, 1).toLowerCase(Locale.ROOT));
        } else {
          assertError(answer, 403, ErrorCode.FORBIDDEN);
        }
      }
    }
    assertError(post(ONE), 401, ErrorCode.UNAUTHENTICATED);
    assertThat(get("/metrics").statusCode()).isEqualTo(401);
  }

  @Test
  void more_statements_at_once_than_allowed_are_refused() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    serve(
        (statement, options, parameters) -> {
          entered.countDown();
          try {
            goOn.await();
          } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
          }
          return result;
        },
        GatewayConfig.STATEMENTS,
        "1");
    CompletableFuture<HttpResponse<String>> first =
        client.sendAsync(request(ONE), HttpResponse.BodyHandlers.ofString());
    entered.await();
    assertError(post(ONE), 429, ErrorCode.TOO_MANY_AT_ONCE);
    assertError(post("{\"statement\": \"SELEKT\"}"), 429, ErrorCode.TOO_MANY_AT_ONCE);
    assertThat(metrics.scrape()).contains("shardstream_gateway_statements_running 1.0");
    goOn.countDown();
    assertThat(first.join().statusCode()).isEqualTo(200);
    // Its caller has the answer a moment before the statement does not count any more.
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(metrics.scrape())
                    .contains("shardstream_gateway_statements_running 0.0"));
    assertThat(post(ONE).statusCode()).isEqualTo(200);
  }

  @Test
  void a_statement_counts_until_its_caller_has_taken_the_answer() throws Exception {
    result = new Result(List.of("t"), List.of(List.of("x".repeat(32 << 20))), -1);
    serve(GatewayConfig.STATEMENTS, "1");
    try (Socket slow = new Socket("127.0.0.1", http.port())) {
      String head =
          "POST /v1/sql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
              + "Content-Length: ";
      slow.getOutputStream()
          .write((head + ONE.length() + "\r\n\r\n" + ONE).getBytes(StandardCharsets.US_ASCII));
      assertThat(slow.getInputStream().read()).isEqualTo('H');
      assertError(post(ONE), 429, ErrorCode.TOO_MANY_AT_ONCE);
    }
    result = new Result(List.of("1"), List.of(List.of(1L)), -1);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(post(ONE).statusCode()).isEqualTo(200));
  }

  @Test
  void a_statement_that_is_too_long_is_refused_before_it_is_read() throws Exception {
    serve(GatewayConfig.STATEMENT_LENGTH, "1000");
    HttpResponse<String> answer = post("{\"statement\": \"" + "(".repeat(1_001) + "\"}");
    assertError(answer, 400, ErrorCode.STATEMENT_TOO_LONG);
    assertThat(answer.body())
        .contains("The statement has 1001 characters, more than the 1000 that one may have");
    assertError(post("{\"statement\": \"" + "(".repeat(1_000) + "\"}"), 400, ErrorCode.UNSUPPORTED);
  }

  @Test
  void it_says_whether_it_is_ready_and_what_it_has_done() throws Exception {
    serve();
    post(ONE);
    post("{\"statement\": \"SELEKT\"}");
    assertThat(get("/healthz").body()).isEqualTo("ok\n");
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    // A statement is counted a moment after its answer was sent.
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(get("/metrics").body())
                    .contains(
                        "shardstream_gateway_ready 1.0",
                        "shardstream_gateway_statement_seconds_count{kind=\"read\",outcome=\"OK\"} 1",
                        "shardstream_gateway_statement_seconds_count{kind=\"none\",outcome=\"SYNTAX\"} 1"));

    notReady = Optional.of("no shard worker is heard of");
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/metrics").body()).contains("shardstream_gateway_ready 0.0");
  }

  @Test
  void the_description_has_every_field_of_the_bodies() throws Exception {
    serve();
    HttpResponse<String> answer = get(GatewayHttp.OPEN_API);
    JsonNode document = Json.mapper().readTree(answer.body());

    assertThat(document.at("/paths").has(GatewayHttp.SQL)).isTrue();
    for (Class<?> body :
        List.of(SqlRequest.class, SqlAnswer.class, SqlAnswer.AnswerColumn.class, ErrorBody.class)) {
      List<String> described = new ArrayList<>();
      document
          .at("/components/schemas/" + body.getSimpleName() + "/properties")
          .fieldNames()
          .forEachRemaining(described::add);
      assertThat(described)
          .containsExactlyElementsOf(
              Arrays.stream(body.getRecordComponents()).map(RecordComponent::getName).toList());
    }
  }

  @Test
  void a_port_that_is_taken_is_an_error_of_the_settings() {
    serve();
    GatewayConfig same =
        GatewayConfig.of(
            Map.of(
                GatewayConfig.CLUSTER_NAME, "test",
                GatewayConfig.BOOTSTRAP_SERVERS, "localhost:1",
                GatewayConfig.SCHEMA_REGISTRY_URL, "http://localhost:1",
                HttpServerKeys.PORT, Integer.toString(http.port())));
    assertThatThrownBy(
            () ->
                GatewayHttp.start(
                    same,
                    (statement, options, parameters) -> result,
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                    Optional::empty))
        .hasMessageContaining("cannot listen on 127.0.0.1:" + http.port());
  }
}
