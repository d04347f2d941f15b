package dev.shardstream.producer.query;

import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.AwaitResponse;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.http.QueryHeader;
import dev.shardstream.schemas.http.QueryRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpShardClientTest {
  private static final String HEADER =
      "{\"columns\":[\"a\"],\"positions\":[{\"partition\":3,\"offset\":9}]}\n";

  private static final ShardClient.AnswerSink NOWHERE =
      new ShardClient.AnswerSink() {
        @Override
        public void header(QueryHeader header) {}

        @Override
        public void row(List<@Nullable Object> values) {}
      };

  private final ScheduledThreadPoolExecutor watchdog = new ScheduledThreadPoolExecutor(1);
  private final HttpShardClient client = client(Duration.ofSeconds(2));
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<Object> answer = new ArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);

  /** What happens when the header of an answer has been read. */
  private Runnable atHeader = () -> {};

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private ShardAddress shard;

  private HttpShardClient client(Duration probeLimit) {
    return new HttpShardClient(
        Duration.ofSeconds(60),
        Caller.plain(),
        new HttpShardClient.Patience(Duration.ofMillis(10), Duration.ofSeconds(1), probeLimit),
        watchdog);
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    shard =
        new ShardAddress(
            "default-t-1", 4, "n1", "http://localhost:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private void serve(String path, Handler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            bodies.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            handler.handle(exchange);
          }
        });
  }

  private void serve(String path, int status, String body) {
    serve(
        path,
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  private static QueryRequest request(long timeoutMillis) {
    return new QueryRequest(
        "default-t-1",
        4,
        1,
        new QueryRequest.View("t", List.of(new QueryRequest.ViewColumn(1, "a")), null),
        "SELECT a FROM t",
        List.of(),
        List.of(),
        0,
        10,
        500,
        timeoutMillis,
        0);
  }

  private void query(long timeoutMillis) {
    query(client, timeoutMillis);
  }

  private void query(ShardClient asking, long timeoutMillis) {
    asking.query(
        shard,
        request(timeoutMillis),
        new ShardClient.AnswerSink() {
          @Override
          public void header(QueryHeader header) {
            answer.add(header);
            atHeader.run();
          }

          @Override
          public void row(List<@Nullable Object> values) {
            answer.add(values);
          }
        });
  }

  @Test
  void an_answer_is_read_value_by_value() {
    serve(
        Paths.QUERY,
        200,
        HEADER
            + "[1]\n[null]\n[-0.0]\n[1e300]\n[\"x😀\"]\n[9223372036854775807]\n[{\"r\":\"-Infinity\"}]\n"
            + "[{\"b\":\"AQI=\"}]\n{\"rows\":8}\n");

    query(60_000);

    assertThat(answer.get(0)).isEqualTo(new QueryHeader(List.of("a"), List.of(new Position(3, 9))));
    assertThat(answer.subList(1, 8))
        .isEqualTo(
            List.of(
                List.of(1L),
                Arrays.asList((Object) null),
                List.of(-0.0),
                List.of(1e300),
                List.of("x😀"),
                List.of(Long.MAX_VALUE),
                List.of(Double.NEGATIVE_INFINITY)));
    assertThat((byte[]) ((List<?>) answer.get(8)).get(0)).containsExactly(1, 2);
    assertThat(bodies).containsExactly(Json.write(request(60_000)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"code":"STATEMENT_TIMEOUT","message":"too long"} | STATEMENT_TIMEOUT
          400 | {"code":"QUERY_FAILED","message":"too long"} | QUERY_FAILED
          500 | {"code":"OF_A_LATER_RELEASE","message":"too long"} | INTERNAL
          """)
  void an_error_of_the_shard_keeps_its_code_and_text(int status, String body, ErrorCode code) {
    serve(Paths.QUERY, status, (status == 200 ? HEADER + "[1]\n" : "") + body);

    assertThatThrownBy(() -> query(60_000))
        .isInstanceOfSatisfying(
            ShardstreamException.class, error -> assertThat(error.code()).isEqualTo(code))
        .hasMessage("too long");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          409 | {"code":"STALE_TOPOLOGY","message":"Shard default-t-1/4 is not held here"} | Shard default-t-1/4 is not held here
          409 | {"code":"STALE_SCHEMA","message":"Schema version 1 of table 't' is out of date: it is at version 2"} | Schema version 1 of table 't' is out of date: it is at version 2
          503 | starting | HTTP status 503
          500 | {} | HTTP status 500
          404 | '' | HTTP status 404
          200 | {"columns":["a"],"positions":[]} [1] | the answer was cut off
          200 | {"columns":["a"],"positions":[]} [1 | the answer was cut off
          200 | {"columns":["a"],"positions":[]} [1] {"rows":2} | the answer has 1 of 2 rows
          200 | '' | the answer was cut off
          200 | [1] | the answer is not one of a shard
          """)
  void what_is_no_whole_answer_is_worth_another_try(int status, String body, String reason) {
    serve(Paths.QUERY, status, body);

    assertThatThrownBy(() -> query(60_000))
        .isInstanceOfSatisfying(
            ShardUnavailableException.class,
            error -> {
              assertThat(error.shard()).isEqualTo(shard);
              assertThat(error.reason()).isEqualTo(reason);
            });
  }

  @Test
  void a_node_that_is_not_there_is_worth_another_try() throws IOException {
    // Nobody else gets a port that is taken, and nobody listens there.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      shard = new ShardAddress("default-t-1", 4, "n1", "http://localhost:" + taken.getLocalPort());

      assertThatThrownBy(() -> query(60_000))
          .isInstanceOfSatisfying(
              ShardUnavailableException.class,
              error -> assertThat(error.reason()).isEqualTo("connection refused"));
    }
  }

  private void serveTheHeaderAndNoMore() {
    serve(
        Paths.QUERY,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(HEADER.getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          awaitRelease();
        });
  }

  /** As if the time of each were over. */
  private void ringAlarms() {
    watchdog.getQueue().forEach(Runnable::run);
  }

  @Test
  void an_answer_that_stops_coming_is_given_up() {
    serveTheHeaderAndNoMore();
    atHeader = this::ringAlarms;

    assertThatThrownBy(() -> query(60_000))
        .isInstanceOfSatisfying(
            ShardUnavailableException.class,
            error -> assertThat(error.reason()).isEqualTo("no end of its answer within 60010 ms"));
  }

  @Test
  void an_answer_to_a_writer_that_stops_coming_is_given_up() {
    serve(
        Paths.AWAIT,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          await().atMost(Duration.ofMinutes(1)).until(() -> !watchdog.getQueue().isEmpty());
          ringAlarms();
          awaitRelease();
        });

    assertThatThrownBy(
            () -> client.await(shard, new AwaitRequest("default-t-1", 4, List.of(), 60_000)))
        .isInstanceOfSatisfying(
            ShardUnavailableException.class,
            error -> assertThat(error.reason()).isEqualTo("no end of its answer within 60010 ms"));
  }

  @Test
  void an_answer_that_never_begins_is_given_up() {
    serve(Paths.QUERY, exchange -> awaitRelease());

    assertThatThrownBy(() -> query(2_000))
        .isInstanceOfSatisfying(
            ShardUnavailableException.class,
            error -> assertThat(error.reason()).isEqualTo("no answer in time"));
  }

  @Test
  void a_node_that_says_nothing_at_all_is_given_up_early_by_those_who_can_ask_another() {
    serve(Paths.QUERY, exchange -> awaitRelease());
    serve(Paths.HEALTH, exchange -> awaitRelease());

    assertGivenUpEarly(() -> query(client.whileThere(), 60_000));
    assertThat(answer).isEmpty();
  }

  @Test
  void a_node_that_says_nothing_any_more_is_given_up_early_in_the_middle_of_its_answer() {
    serveTheHeaderAndNoMore();
    CountDownLatch begun = new CountDownLatch(1);
    atHeader = begun::countDown;
    serve(
        Paths.HEALTH,
        exchange -> {
          if (begun.getCount() == 0) {
            awaitRelease();
          }
          exchange.sendResponseHeaders(200, -1);
        });

    assertGivenUpEarly(() -> query(client.whileThere(), 60_000));
    assertThat(answer).hasSize(1);
  }

  @Test
  void a_writer_too_gives_up_a_node_that_says_nothing() {
    serve(Paths.AWAIT, exchange -> awaitRelease());
    serve(Paths.HEALTH, exchange -> awaitRelease());

    assertGivenUpEarly(
        () ->
            client
                .whileThere()
                .await(shard, new AwaitRequest("default-t-1", 4, List.of(), 60_000)));
  }

  private static void assertGivenUpEarly(ThrowingCallable call) {
    long started = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ShardUnavailableException.class,
            error -> assertThat(error.reason()).isEqualTo("its node does not answer any more"));
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(55));
  }

  @Test
  void a_slow_answer_of_a_node_that_is_there_is_waited_for() {
    serve(
        Paths.QUERY,
        exchange -> {
          awaitRelease();
          byte[] body = (HEADER + "[1]\n{\"rows\":1}\n").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        });
    CountDownLatch looks = new CountDownLatch(2);
    serve(
        Paths.HEALTH,
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          looks.countDown();
          if (looks.getCount() == 0) {
            release.countDown();
          }
        });

    query(client(Duration.ofSeconds(60)).whileThere(), 60_000);

    assertThat(answer).hasSize(2);
    assertThat(looks.getCount()).isZero();
  }

  @Test
  void closing_ends_a_call_in_the_middle_of_its_answer() {
    serveTheHeaderAndNoMore();
    atHeader = () -> threads.execute(client::close);

    assertClosed(() -> query(60_000));
    assertThat(answer).hasSize(1);
  }

  @Test
  void closing_ends_a_call_that_has_no_answer_yet() {
    serve(
        Paths.QUERY,
        exchange -> {
          client.close();
          awaitRelease();
        });

    assertClosed(() -> query(60_000));
  }

  @Test
  void a_writer_too_is_told_when_the_client_is_closed() {
    serve(
        Paths.AWAIT,
        exchange -> {
          client.close();
          awaitRelease();
        });

    assertClosed(() -> client.await(shard, new AwaitRequest("default-t-1", 4, List.of(), 60_000)));
  }

  @Test
  void a_closed_client_asks_nobody() {
    serve(Paths.QUERY, 200, HEADER + "{\"rows\":0}\n");
    client.close();

    for (ShardClient asking : List.of(client, client.whileThere())) {
      assertClosed(() -> query(asking, 60_000));
      assertClosed(
          () -> asking.await(shard, new AwaitRequest("default-t-1", 4, List.of(), 60_000)));
    }
    assertThat(bodies).isEmpty();
  }

  @Test
  void whenever_the_client_is_closed_a_call_is_answered_or_told_so() throws InterruptedException {
    serve(Paths.QUERY, 200, HEADER + "{\"rows\":0}\n");
    for (int round = 0; round < 10; round++) {
      HttpShardClient closing = new HttpShardClient(Duration.ofSeconds(60), Caller.plain());
      CountDownLatch answered = new CountDownLatch(1 + round);
      List<CompletableFuture<String>> callers =
          Stream.of(closing, closing.whileThere())
              .map(asking -> supplyAsync(() -> whyItFailsAtLast(asking, answered), threads))
              .toList();
      assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();

      closing.close();

      for (CompletableFuture<String> caller : callers) {
        assertThat(caller)
            .succeedsWithin(Duration.ofSeconds(60))
            .isEqualTo("the client was closed");
      }
    }
  }

  private String whyItFailsAtLast(ShardClient asking, CountDownLatch answered) {
    try {
      while (true) {
        asking.query(shard, request(60_000), NOWHERE);
        answered.countDown();
      }
    } catch (ShardUnavailableException e) {
      return e.reason();
    }
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ShardUnavailableException.class,
            error -> assertThat(error.reason()).isEqualTo("the client was closed"));
  }

  private void awaitRelease() throws IOException {
    try {
      if (!release.await(120, TimeUnit.SECONDS)) {
        throw new IOException("nobody gave up");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void rejections_come_back_from_await() {
    AwaitResponse expected =
        new AwaitResponse(
            true, List.of(new AwaitResponse.Rejection(1, 7, "DUPLICATE_KEY", "Duplicate key")));
    serve(Paths.AWAIT, 200, Json.write(expected));
    AwaitRequest request = new AwaitRequest("default-t-1", 4, List.of(new Position(1, 7)), 60_000);

    assertThat(client.await(shard, request)).isEqualTo(expected);
    assertThat(bodies).containsExactly(Json.write(request));
  }

  @Test
  void await_tells_what_is_worth_another_try() {
    serve(Paths.AWAIT, 409, "{\"code\":\"STALE_TOPOLOGY\",\"message\":\"moved\"}");

    assertThatThrownBy(
            () -> client.await(shard, new AwaitRequest("default-t-1", 4, List.of(), 60_000)))
        .isInstanceOfSatisfying(
            ShardUnavailableException.class,
            error -> assertThat(error.reason()).isEqualTo("moved"));
  }
}
