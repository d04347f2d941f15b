package dev.shardstream.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.access.Token;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.http.AwaitRequest;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.config.WorkerConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class WorkerAccessTest {
  private static final Path TLS = Path.of("..", "schemas", "src", "test", "resources", "tls");
  private static final String TABLE = Orders.TABLE.getTableId();

  @TempDir Path directory;

  private static WorkerConfig config(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(WorkerConfig.BOOTSTRAP_SERVERS, "localhost:1");
    all.put(WorkerConfig.SCHEMA_REGISTRY_URL, "http://localhost:1");
    all.put(WorkerConfig.NODE_ID, "node-1");
    all.put(WorkerConfig.DATA_DIR, "data");
    return WorkerConfig.of(all);
  }

  private Caller caller(String token) throws Exception {
    Path file = Files.writeString(directory.resolve(token), token);
    return Caller.of(
        config(
            Map.of(
                WorkerConfig.TLS_TRUSTSTORE,
                TLS.resolve("authority.crt").toString(),
                WorkerConfig.AUTH_TOKEN_FILE,
                file.toString())));
  }

  private ServerAccess access() throws Exception {
    Path principals =
        Files.write(
            directory.resolve("principals"),
            List.of(
                Token.line(new Principal("reader", Role.READ), "shs_reader"),
                Token.line(new Principal("writer", Role.WRITE), "shs_writer"),
                Token.line(new Principal("admin", Role.ADMIN), "shs_admin"),
                Token.line(new Principal("node", Role.NODE), "shs_node")));
    return ServerAccess.of(
        config(
            Map.of(
                "http.auth.principals.file",
                principals.toString(),
                WorkerConfig.TLS_KEYSTORE,
                TLS.resolve("server.crt").toString(),
                WorkerConfig.TLS_KEY,
                TLS.resolve("server.key").toString())),
        "0.0.0.0");
  }

  private static Map<String, HttpRequest.Builder> requests(Caller caller, String url) {
    QueryRequest query =
        new QueryRequest(
            TABLE,
            0,
            1,
            new QueryRequest.View("t", List.of(new QueryRequest.ViewColumn(1, "id")), null),
            "SELECT count(*) FROM t",
            List.of(),
            List.of(),
            0,
            10,
            10,
            60_000,
            0);
    AwaitRequest await =
        new AwaitRequest(TABLE, 0, List.of(new Position(Orders.partition(1), 0)), 0);
    Map<String, HttpRequest.Builder> requests = new TreeMap<>();
    requests.put("await", post(caller, url + Paths.AWAIT, await));
    requests.put("health", caller.request(URI.create(url + Paths.HEALTH)));
    requests.put("metrics", caller.request(URI.create(url + Paths.METRICS)));
    requests.put("query", post(caller, url + Paths.QUERY, query));
    requests.put("ready", caller.request(URI.create(url + Paths.READY)));
    requests.put(
        "slice", caller.request(URI.create(url + Paths.slice(TABLE, 0, 1, KeyRanges.ALL))));
    requests.put("snapshots", caller.request(URI.create(url + Paths.snapshots(TABLE))));
    return requests;
  }

  private static HttpRequest.Builder post(Caller caller, String url, Object body) {
    return caller.request(URI.create(url)).POST(BodyPublishers.ofString(Json.write(body)));
  }

  private static Map<String, Integer> statuses(Caller caller, String url) throws Exception {
    HttpClient client = caller.client().build();
    Map<String, Integer> statuses = new TreeMap<>();
    for (Map.Entry<String, HttpRequest.Builder> request : requests(caller, url).entrySet()) {
      statuses.put(
          request.getKey(),
          client.send(request.getValue().build(), BodyHandlers.discarding()).statusCode());
    }
    return statuses;
  }

  @Test
  void each_route_lets_in_its_role_over_tls_and_no_log_has_a_token() throws Exception {
    Logger own = (Logger) LoggerFactory.getLogger("dev.shardstream");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    // The threads of the server go on for a moment while it is read.
    log.list = new CopyOnWriteArrayList<>();
    log.start();
    own.addAppender(log);
    own.setLevel(Level.TRACE);
    try (TestNode node = TestNode.open(directory.resolve("data"), new FakeLog());
        WorkerHttp http =
            new WorkerHttp(
                TestHttp.settings(access()),
                node.shards(),
                node.directory().temporary(),
                Optional.empty(),
                Clock.systemUTC(),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                Optional::empty)) {
      node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
      http.start();
      String url = "https://localhost:" + http.port();
      Map<String, Map<String, Integer>> statuses = new TreeMap<>();
      for (String who : List.of("stranger", "reader", "writer", "admin", "node")) {
        statuses.put(who, statuses(caller("shs_" + who), url));
      }
      assertThat(statuses)
          .isEqualTo(
              Map.of(
                  "stranger", answers(401, 401, 401, 401),
                  "reader", answers(403, 200, 200, 403),
                  "writer", answers(200, 200, 200, 403),
                  "admin", answers(200, 200, 200, 403),
                  "node", answers(403, 403, 403, 200)));
    } finally {
      own.detachAppender(log);
      own.setLevel(null);
    }
    assertThat(log.list)
        .isNotEmpty()
        .noneMatch(event -> event.getFormattedMessage().contains("shs_"))
        .noneMatch(
            event -> ThrowableProxyUtil.asString(event.getThrowableProxy()).contains("shs_"));
  }

  /** What nodes alone may have, slices and the names of snapshots, is answered alike. */
  private static Map<String, Integer> answers(int await, int metrics, int query, int slice) {
    return new TreeMap<>(
        Map.of(
            "await", await,
            "health", 200,
            "metrics", metrics,
            "query", query,
            "ready", 200,
            "slice", slice,
            "snapshots", slice));
  }
}
