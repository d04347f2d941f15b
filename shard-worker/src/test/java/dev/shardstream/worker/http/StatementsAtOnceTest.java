package dev.shardstream.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.schemas.http.QueryRequest;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many statements as may be wait for a shard that does not get on. */
class StatementsAtOnceTest {
  private static final int MOST = 3;

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private TestNode node;
  private WorkerHttp http;

  @BeforeEach
  void serve() throws Exception {
    node = TestNode.open(directory, new FakeLog());
    node.shards().create(Orders.definition(0, Orders.ALL, ShardState.APPLYING));
    http =
        new WorkerHttp(
            TestHttp.settings(ServerAccess.open(), MOST),
            node.shards(),
            node.directory().temporary(),
            Optional.empty(),
            Clock.systemUTC(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Optional::empty);
    http.start();
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    node.close();
  }

  private HttpRequest statement(List<Position> positions) {
    QueryRequest.View view =
        new QueryRequest.View("orders", List.of(new QueryRequest.ViewColumn(1, "id")), null);
    QueryRequest request =
        new QueryRequest(
            Orders.TABLE.getTableId(),
            0,
            1,
            view,
            "SELECT id FROM orders",
            List.of(),
            positions,
            60_000,
            100,
            500,
            60_000,
            0);
    return HttpRequest.newBuilder(uri(Paths.QUERY))
        .POST(HttpRequest.BodyPublishers.ofString(Json.write(request)))
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + http.port() + path);
  }

  @Test
  @SuppressWarnings("unchecked")
  void one_too_many_is_refused_and_the_node_still_says_that_it_is_alive() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    for (int i = 0; i <= MOST; i++) {
      sent.add(
          client.sendAsync(
              statement(List.of(new Position(0, 1_000))), HttpResponse.BodyHandlers.ofString()));
    }
    HttpResponse<String> refused =
        (HttpResponse<String>)
            CompletableFuture.anyOf(sent.toArray(CompletableFuture[]::new)).join();
    assertThat(Json.read(refused.body(), ErrorBody.class))
        .isEqualTo(
            new ErrorBody(
                "TOO_MANY_AT_ONCE",
                "Too many statements at once: at most 3. Try again in a moment"));
    assertThat(refused.statusCode()).isEqualTo(429);
    HttpRequest alive = HttpRequest.newBuilder(uri(Paths.HEALTH)).build();
    assertThat(client.send(alive, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    sent.forEach(each -> each.cancel(true));
  }
}
