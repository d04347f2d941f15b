package dev.shardstream.schemas.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.access.Token;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.metrics.Metric;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceScope;
import io.javalin.Javalin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A server with a route of each kind, and those who call it. */
abstract class ServedRoutes {
  static final Path TLS = Path.of("..", "schemas", "src", "test", "resources", "tls");
  static final String AUTHORITY = TLS.resolve("authority.crt").toString();
  static final String PASSWORD = "secret-of-the-store";

  @TempDir Path directory;
  final SimpleMeterRegistry counted = new SimpleMeterRegistry();
  private Javalin server;

  /** The metric of a process that has no other. */
  record Counted() implements Metric {
    @Override
    public Definition definition() {
      return new Definition(Type.COUNTER, "refused", "requests", "Refused.", List.of("code"));
    }
  }

  /** Settings of a process that has those of this class only. */
  static final class Settings extends ClusterConfig {
    Settings(Map<String, String> settings) {
      super(HttpServerKeys.define(definition()), all(settings));
    }

    private static Map<String, String> all(Map<String, String> settings) {
      Map<String, String> all = new HashMap<>(settings);
      all.put(BOOTSTRAP_SERVERS, "localhost:1");
      all.put(SCHEMA_REGISTRY_URL, "http://localhost:1");
      return all;
    }
  }

  static ServerAccess access(Map<String, String> settings, String host) {
    return ServerAccess.of(new Settings(settings), host);
  }

  static Caller caller(Map<String, String> settings) {
    return Caller.of(new Settings(settings));
  }

  void serve(Map<String, String> settings) {
    ServerAccess access = access(settings, "127.0.0.1");
    server =
        Javalin.create(
            config -> {
              GuardedServer bodies =
                  GuardedServer.configure(
                      config, access, "127.0.0.1", 0, new Refusals(new Counted(), counted));
              config.routes.get("/open", context -> context.result("open"), RouteAccess.OPEN);
              config.routes.get(
                  "/cause",
                  context ->
                      context.result(
                          TraceScope.current()
                              .trace()
                              .map(TraceContext::correlationId)
                              .orElse("nobody")),
                  RouteAccess.OPEN);
              config.routes.get("/metrics", context -> context.result("0"), RouteAccess.METRICS);
              config.routes.post(
                  "/read",
                  context -> context.result(bodies.body(context, String.class)),
                  RouteAccess.READ);
              config.routes.get("/slice", context -> context.result("rows"), RouteAccess.NODE);
              config.routes.get("/forgotten", context -> context.result("everything"));
              config.routes.get(
                  "/broken",
                  context -> {
                    throw new IllegalStateException("a bug");
                  },
                  RouteAccess.OPEN);
            });
    server.start();
  }

  int port() {
    return server.port();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop();
    }
  }

  URI uri(String scheme, String path) {
    return URI.create(scheme + "://localhost:" + server.port() + path);
  }

  static HttpResponse<String> send(Caller caller, HttpRequest request)
      throws IOException, InterruptedException {
    return caller.client().build().send(request, BodyHandlers.ofString());
  }

  HttpResponse<String> get(Caller caller, String scheme, String path)
      throws IOException, InterruptedException {
    return send(caller, caller.request(uri(scheme, path)).build());
  }

  String tokenFile(String name, String token) throws IOException {
    return Files.writeString(directory.resolve(name), token + "\n").toString();
  }

  Caller withToken(String token) throws IOException {
    return caller(Map.of(ClusterConfig.AUTH_TOKEN_FILE, tokenFile("token-" + token, token)));
  }

  String principals(String... lines) throws IOException {
    return Files.write(directory.resolve("principals"), List.of(lines)).toString();
  }

  static String line(String name, Role role, String token) {
    return Token.line(new Principal(name, role), token);
  }

  static void assertError(
      HttpResponse<String> response, int status, ErrorCode code, String message) {
    assertThat(Json.read(response.body(), ErrorBody.class))
        .isEqualTo(new ErrorBody(code.name(), message));
    assertThat(response.statusCode()).isEqualTo(status);
  }

  String body(String path) throws Exception {
    return get(Caller.plain(), "http", path).body();
  }

  static Map<String, String> pem() {
    return Map.of(
        ClusterConfig.TLS_KEYSTORE, TLS.resolve("server.crt").toString(),
        ClusterConfig.TLS_KEY, TLS.resolve("server.key").toString());
  }

  static Map<String, String> pkcs12() {
    return Map.of(
        ClusterConfig.TLS_KEYSTORE,
        TLS.resolve("server.p12").toString(),
        ClusterConfig.TLS_KEYSTORE_PASSWORD,
        PASSWORD);
  }

  static Map<String, String> with(Map<String, String> settings, String... more) {
    Map<String, String> all = new HashMap<>(settings);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  /** What is answered to bytes that no client would send, until the server ends. */
  String raw(String head) throws IOException {
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
