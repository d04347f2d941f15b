package dev.shardstream.worker.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.worker.config.WorkerConfig;
import dev.shardstream.worker.shard.ShardRef;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliceClientTest {
  @TempDir Path directory;

  @Test
  void a_node_shows_its_token_and_says_why_it_was_refused_without_showing_it_again()
      throws Exception {
    List<String> shown = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            shown.addAll(exchange.getRequestHeaders().get("Authorization"));
            byte[] body =
                Json.write(
                        ErrorBody.of(
                            new ShardstreamException(
                                ErrorCode.FORBIDDEN, "node-2", "READ", "NODE")))
                    .getBytes();
            exchange.sendResponseHeaders(403, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    String endpoint = "http://localhost:" + server.getAddress().getPort();
    try {
      SliceClient client = new SliceClient(Duration.ofMinutes(1), caller("shs_of-node-2"));
      assertThatThrownBy(
              () ->
                  client.fetch(
                      new CopySource(1, "node-1", endpoint, List.of(7), null),
                      new ShardRef("default-t-1", 1),
                      7,
                      KeyRanges.ALL,
                      directory.resolve("slice")))
          .isInstanceOf(ShardstreamException.class)
          .hasMessage(
              "Shard default-t-1/1 on node 'node-1' is not reachable at "
                  + endpoint
                  + " (waited 60 s): status 403, {\"code\":\"FORBIDDEN\",\"message\":\"'node-2' has"
                  + " role READ, which does not include NODE\"}");
      assertThat(shown).containsExactly("Bearer shs_of-node-2");
    } finally {
      server.stop(0);
    }
  }

  private Caller caller(String token) throws Exception {
    Path file = Files.writeString(directory.resolve("token"), token + "\n");
    return Caller.of(
        WorkerConfig.of(
            Map.of(
                WorkerConfig.BOOTSTRAP_SERVERS, "localhost:1",
                WorkerConfig.SCHEMA_REGISTRY_URL, "http://localhost:1",
                WorkerConfig.NODE_ID, "node-2",
                WorkerConfig.DATA_DIR, "data",
                WorkerConfig.AUTH_TOKEN_FILE, file.toString())));
  }
}
