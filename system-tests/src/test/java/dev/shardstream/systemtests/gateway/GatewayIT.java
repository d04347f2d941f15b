package dev.shardstream.systemtests.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.Token;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.cluster.TestPaths;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A gateway's whole life. */
class GatewayIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final String SERVING = "Serving SQL at ";

  /** What a process ends with that SIGTERM has ended: 128 and the signal's number. */
  private static final int TERMINATED = 143;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void statements_come_over_http_by_role_until_sigterm(@TempDir Path directory) throws Exception {
    Path principals = directory.resolve("principals");
    Files.write(
        principals,
        List.of(
            Token.line(new Principal("ada", Role.DDL), "shs_ada"),
            Token.line(new Principal("eve", Role.READ), "shs_eve")));
    Path out = directory.resolve("out");
    Process gateway = start(principals, out);
    try {
      String url = url(gateway, out);
      String create =
          "CREATE TABLE by_http (id BIGINT PRIMARY KEY, name TEXT, weight DOUBLE) WITH (SHARDS=2)";
      assertThat(sql(url, "ada", create, "[]", "http-create").statusCode()).isEqualTo(200);
      JsonNode again = body(sql(url, "ada", create, "[]", "http-create"));
      assertThat(again.at("/rows/0/0").asText()).isEqualTo("http-create");
      assertThat(body(sql(url, "ada", "SHOW DDL 'http-create'", "[]", null)).toString())
          .contains("\"ada\"");

      String insert = "INSERT INTO by_http VALUES (?, ?, ?), (?, ?, ?)";
      String values = "[1, \"Ada\", 61.5, 9007199254740993, null, null]";
      assertThat(body(sql(url, "ada", insert, values, null)).get("rowsAffected").asLong())
          .isEqualTo(2);
      assertThat(body(sql(url, "eve", "SELECT * FROM by_http ORDER BY id", "[]", null)).toString())
          .isEqualTo(
              "{\"columns\":[{\"name\":\"id\",\"type\":\"INTEGER\"},{\"name\":\"name\",\"type\":\"TEXT\"},"
                  + "{\"name\":\"weight\",\"type\":\"REAL\"}],"
                  + "\"rows\":[[1,\"Ada\",61.5],[9007199254740993,null,null]],\"rowsAffected\":null}");

      assertThat(code(sql(url, "eve", "DELETE FROM by_http WHERE id = 1", "[]", null)))
          .isEqualTo("403 FORBIDDEN");
      assertThat(code(sql(url, "nobody", "SELECT 1", "[]", null))).isEqualTo("401 UNAUTHENTICATED");
      assertThat(code(sql(url, "eve", "SELECT * FROM none_by_http", "[]", null)))
          .isEqualTo("404 TABLE_NOT_FOUND");
      assertThat(code(sql(url, "ada", insert, values, null))).isEqualTo("400 DUPLICATE_KEY");
      await("it is ready")
          .atMost(Patience.ONE_STEP)
          .until(() -> get(url + "/readyz").statusCode() == 200);

      gateway.destroy();
      assertThat(gateway.waitFor(Patience.ONE_STEP.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(gateway.exitValue()).isEqualTo(TERMINATED);
    } finally {
      gateway.destroyForcibly();
    }
  }

  private static Process start(Path principals, Path out) throws IOException {
    Path home = TestPaths.installation();
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                home.resolve("lib").resolve("*").toString(),
                "dev.shardstream.producer.cli.ShardstreamCli",
                "serve",
                "--config",
                CLUSTER.cluster().clientConfig().toString())
            .redirectOutput(out.toFile())
            .redirectError(out.resolveSibling("err").toFile());
    builder.environment().put("SHARDSTREAM_HTTP_AUTH_PRINCIPALS_FILE", principals.toString());
    return builder.start();
  }

  private static String url(Process gateway, Path out) {
    await("it serves")
        .atMost(Patience.ONE_STEP)
        .until(() -> !gateway.isAlive() || Files.readString(out).contains(SERVING));
    try {
      String said = Files.readString(out);
      assertThat(said).startsWith(SERVING).endsWith("/v1/sql\n");
      return said.substring(SERVING.length(), said.length() - "/v1/sql\n".length());
    } catch (IOException e) {
      throw new AssertionError("no output", e);
    }
  }

  private HttpResponse<String> sql(
      String url, String who, String statement, String parameters, @Nullable String key)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/v1/sql"))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer shs_" + who)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"statement\": %s, \"parameters\": %s}"
                        .formatted(Json.write(statement), parameters)));
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static JsonNode body(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.mapper().readTree(answer.body());
  }

  private static String code(HttpResponse<String> answer) throws IOException {
    return answer.statusCode() + " " + Json.mapper().readTree(answer.body()).path("code").asText();
  }
}
