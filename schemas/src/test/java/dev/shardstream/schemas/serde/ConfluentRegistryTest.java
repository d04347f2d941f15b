package dev.shardstream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** How many requests find somebody else in the registry's place. */
  private final AtomicInteger absences = new AtomicInteger();

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
            if (absences.getAndDecrement() > 0) {
              answer(exchange, 404, "text/html", "<h1>404 page not found</h1>");
              return;
            }
            boolean refused =
                authorization == null || exchange.getRequestURI().getPath().contains("refused");
            String answer = answers.getOrDefault(exchange.getRequestURI().getPath(), "{\"id\":7}");
            boolean missing = answer.contains("error_code");
            answer(
                exchange,
                refused ? 401 : missing ? 404 : 200,
                "application/json",
                refused ? "{\"error_code\":401,\"message\":\"who?\"}" : answer);
          }
        });
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ConfluentRegistry registry(String user, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    // A slow machine is no registry that does not answer.
    all.put(ClusterConfig.CONNECT_TIMEOUT, "120000");
    all.put("registry.http.connect.timeout.ms", "120000");
    all.put("registry.http.read.timeout.ms", "120000");
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
  void a_404_of_somebody_in_the_registrys_place_is_no_word_about_the_schema() {
    Schema schema = SchemaBuilder.fixed("f").size(1);
    answers.put(
        "/schemas/ids/8", "{\"schema\":\"" + schema.toString().replace("\"", "\\\"") + "\"}");
    answers.put("/schemas/ids/9", "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    answers.put("/schemas/ids/10", "{\"error_code\":40401,\"message\":\"No such artifact\"}");
    try (ConfluentRegistry registry = registry("", LOGIN)) {
      absences.set(2);
      assertThat(registry.byId(8)).contains(schema);
      absences.set(1);
      assertThat(registry.register("s", schema)).isEqualTo(7);
      assertThat(shown).as("each was asked again").hasSize(5);
      assertThat(registry.byId(9)).isEmpty();
      assertThat(registry.byId(10)).isEmpty();
    }
    assertThat(shown).as("what the registry itself has said").hasSize(7);
  }

  @Test
  void a_registry_whose_place_stays_taken_is_unreachable() {
    absences.set(Integer.MAX_VALUE);
    try (ConfluentRegistry registry =
        ConfluentRegistry.connect(
            "http://localhost:" + server.getAddress().getPort(), Duration.ofMillis(1))) {
      assertThatThrownBy(() -> registry.byId(8))
          .isInstanceOf(ShardstreamException.class)
          .extracting(error -> ((ShardstreamException) error).code())
          .isEqualTo(ErrorCode.REGISTRY_UNREACHABLE);
    }
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
