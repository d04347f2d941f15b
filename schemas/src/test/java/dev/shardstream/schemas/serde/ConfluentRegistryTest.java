package dev.shardstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfluentRegistryTest {
  private static final Map<String, String> LOGIN =
      Map.of(
          "registry.basic.auth.credentials.source", "USER_INFO",
          "registry.basic.auth.user.info", "worker:secret");

  private final List<String> shown = new CopyOnWriteArrayList<>();
  private final Map<String, String> answers = new HashMap<>();
  private HttpServer server;

  private static final class Settings extends ClusterConfig {
    Settings(Map<String, String> settings) {
      super(definition(), settings);
    }
  }

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            shown.add(String.valueOf(authorization));
            boolean refused =
                authorization == null || exchange.getRequestURI().getPath().contains("refused");
            String answer = answers.getOrDefault(exchange.getRequestURI().getPath(), "{\"id\":7}");
            byte[] body =
                (refused ? "{\"error_code\":401,\"message\":\"who?\"}" : answer)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(refused ? 401 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ConfluentRegistry registry(String user, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(ClusterConfig.BOOTSTRAP_SERVERS, "localhost:1");
    all.put(
        ClusterConfig.SCHEMA_REGISTRY_URL,
        "http://" + user + "localhost:" + server.getAddress().getPort());
    return ConfluentRegistry.connect(new Settings(all));
  }

  @Test
  void settings_of_the_registrys_client_reach_it() {
    try (ConfluentRegistry registry = registry("", LOGIN)) {
      assertThat(registry.register("s", SchemaBuilder.fixed("f").size(1))).isEqualTo(7);
    }
    String expected =
        "Basic "
            + Base64.getEncoder().encodeToString("worker:secret".getBytes(StandardCharsets.UTF_8));
    assertThat(shown).containsExactly(expected);
  }

  @Test
  void a_schema_in_another_language_is_one_that_no_record_has() {
    answers.put("/schemas/ids/8", "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}");
    answers.put("/schemas/ids/9", "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message A {}\"}");
    try (ConfluentRegistry registry = registry("", LOGIN)) {
      assertThat(registry.byId(8)).contains(Schema.create(Schema.Type.NULL));
      assertThat(registry.byId(9)).contains(Schema.create(Schema.Type.NULL));
      assertThat(registry.byId(-1)).isEmpty();
    }
    assertThat(shown).as("a negative id is none to ask for").hasSize(2);
  }

  @Test
  void a_password_in_the_url_is_in_no_message() {
    try (ConfluentRegistry registry = registry("worker:secret@", Map.of())) {
      assertThatThrownBy(() -> registry.register("refused", SchemaBuilder.fixed("f").size(1)))
          .isInstanceOf(ShardstreamException.class)
          .hasMessageStartingWith("Invalid argument: the schema registry at http://localhost:")
          .hasMessageNotContaining("secret");
    }
  }
}
