package dev.shardstream.streams.http;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.streams.live.EventHub;
import dev.shardstream.streams.state.Limits;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The real server over a state that a test fills. */
final class RunningApi implements AutoCloseable {
  /** For what is to come about, however slow the machine is. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  final FakeState state = ShopState.of();
  final EventHub hub = new EventHub("run", 3, 2);
  final List<DdlCommand> commands = new ArrayList<>();
  Optional<DdlResult> outcome = Optional.empty();
  private final HttpClient client = HttpClient.newHttpClient();
  private final ControlHttp http;

  /** Anyone may call. */
  RunningApi() {
    this(ServerAccess.open());
  }

  RunningApi(ServerAccess access) {
    http =
        ControlHttp.start(
            "127.0.0.1",
            0,
            access,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            new ControlHttp.Parts(
                () -> state,
                new Forwarding(Caller.plain(), PATIENCE, PATIENCE),
                tableId -> ShopState.history(),
                (command, wait) -> {
                  commands.add(command);
                  return CompletableFuture.completedFuture(outcome);
                },
                hub,
                Limits.defaults(),
                Optional::empty),
            PATIENCE);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + http.port() + path);
  }

  /** A GET, with headers in pairs. */
  HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** A POST of JSON, with headers in pairs. */
  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .setHeader("Content-Type", "application/json");
    for (int at = 0; at < headers.length; at += 2) {
      request.setHeader(headers[at], headers[at + 1]);
    }
    return send(request);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
  }
}
