package dev.shardstream.schemas.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.Principal;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.access.ServerAccess;
import dev.shardstream.schemas.access.Token;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import dev.shardstream.schemas.metrics.Metric;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceScope;
import io.javalin.Javalin;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedServerTest {
  private static final Path TLS = Path.of("..", "schemas", "src", "test", "resources", "tls");
  private static final String AUTHORITY = TLS.resolve("authority.crt").toString();
  private static final String PASSWORD = "secret-of-the-store";

  @TempDir Path directory;
  private final SimpleMeterRegistry counted = new SimpleMeterRegistry();
  private Javalin server;

  /** The metric of a process that has no other. */
  private record Counted() implements Metric {
    @Override
    public Definition definition() {
      return new Definition(Type.COUNTER, "refused", "requests", "Refused.", List.of("code"));
    }
  }

  /** Settings of a process that has those of this class only. */
  private static final class Settings extends ClusterConfig {
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

  private static ServerAccess access(Map<String, String> settings, String host) {
    return ServerAccess.of(new Settings(settings), host);
  }

  private static Caller caller(Map<String, String> settings) {
    return Caller.of(new Settings(settings));
  }

  private void serve(Map<String, String> settings) {
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

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop();
    }
  }

  private URI uri(String scheme, String path) {
    return URI.create(scheme + "://localhost:" + server.port() + path);
  }

  private static HttpResponse<String> send(Caller caller, HttpRequest request)
      throws IOException, InterruptedException {
    return caller.client().build().send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> get(Caller caller, String scheme, String path)
      throws IOException, InterruptedException {
    return send(caller, caller.request(uri(scheme, path)).build());
  }

  private String tokenFile(String name, String token) throws IOException {
    return Files.writeString(directory.resolve(name), token + "\n").toString();
  }

  private Caller withToken(String token) throws IOException {
    return caller(Map.of(ClusterConfig.AUTH_TOKEN_FILE, tokenFile("token-" + token, token)));
  }

  private String principals(String... lines) throws IOException {
    return Files.write(directory.resolve("principals"), List.of(lines)).toString();
  }

  private static String line(String name, Role role, String token) {
    return Token.line(new Principal(name, role), token);
  }

  private static void assertError(
      HttpResponse<String> response, int status, ErrorCode code, String message) {
    assertThat(Json.read(response.body(), ErrorBody.class))
        .isEqualTo(new ErrorBody(code.name(), message));
    assertThat(response.statusCode()).isEqualTo(status);
  }

  private String body(String path) throws Exception {
    return get(Caller.plain(), "http", path).body();
  }

  @Test
  void a_request_is_handled_for_whom_its_headers_name() throws Exception {
    serve(Map.of());
    String named = TraceScope.none().with(TraceContext.of("invoice-17")).ask(() -> body("/cause"));
    assertThat(named).isEqualTo("invoice-17");
    assertThat(body("/cause")).isEqualTo("nobody");
    assertError(
        send(
            Caller.plain(),
            Caller.plain()
                .request(uri("http", "/cause"))
                .header("X-Correlation-Id", "two words")
                .build()),
        400,
        ErrorCode.INVALID_ARGUMENT,
        ErrorCode.INVALID_ARGUMENT.text(
            "X-Correlation-Id must have 1 to 200 visible ASCII characters"));
  }

  @Test
  void a_route_lets_in_those_who_have_its_role() throws Exception {
    serve(
        Map.of(
            HttpServerKeys.PRINCIPALS,
            principals(line("app", Role.READ, "shs_app"), line("node", Role.NODE, "shs_node"))));
    HttpResponse<String> unknown = get(Caller.plain(), "http", "/metrics");
    assertError(
        unknown,
        401,
        ErrorCode.UNAUTHENTICATED,
        "Who calls is not known: there is no token and no certificate");
    assertThat(unknown.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    assertThat(unknown.headers().firstValue("Server")).isEmpty();
    assertThat(get(Caller.plain(), "http", "/open").body()).isEqualTo("open");
    assertThat(get(withToken("shs_app"), "http", "/metrics").body()).isEqualTo("0");
    assertError(
        get(withToken("shs_app"), "http", "/slice"),
        403,
        ErrorCode.FORBIDDEN,
        "'app' has role READ, which does not include NODE");
    assertThat(get(withToken("shs_node"), "http", "/slice").body()).isEqualTo("rows");
    assertError(
        get(withToken("shs_other"), "http", "/slice"),
        401,
        ErrorCode.UNAUTHENTICATED,
        "Who calls is not known: the token is not known");
  }

  @Test
  void a_route_of_which_nothing_says_who_may_use_it_is_for_nobody() throws Exception {
    serve(Map.of());
    assertError(
        get(Caller.plain(), "http", "/forgotten"),
        500,
        ErrorCode.INTERNAL,
        "nothing says who may use /forgotten");
  }

  @Test
  void whatever_is_wrong_with_a_request_is_an_error_with_a_code_and_is_counted() throws Exception {
    serve(Map.of());
    Caller caller = Caller.plain();
    assertError(
        get(caller, "http", "/nothing"),
        404,
        ErrorCode.UNKNOWN_ENDPOINT,
        "Nothing answers GET /nothing here");
    HttpResponse<String> bug = get(caller, "http", "/broken");
    assertError(bug, 500, ErrorCode.INTERNAL, "java.lang.IllegalStateException: a bug");
    assertThat(raw("GET /open?x=%zz HTTP/1.1")).startsWith("HTTP/1.1 400 ").endsWith("}");
    assertThat(raw("GET /%zz HTTP/1.1")).startsWith("HTTP/1.1 400 ").endsWith("}");
    assertThat(raw("NONSENSE")).startsWith("HTTP/1.1 400 ").endsWith("}");
    Map<String, Double> counts = new HashMap<>();
    counted.getMeters().stream()
        .map(Counter.class::cast)
        .forEach(c -> counts.put(c.getId().getTag("code"), c.count()));
    assertThat(counts)
        .isEqualTo(Map.of("UNKNOWN_ENDPOINT", 1.0, "INTERNAL", 1.0, "INVALID_ARGUMENT", 3.0));
  }

  /** What is answered to bytes that no client would send. */
  private String raw(String requestLine) throws IOException {
    try (Socket socket = new Socket("localhost", server.port())) {
      String request = requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void metrics_are_for_anyone_where_it_is_said() throws Exception {
    serve(
        Map.of(
            HttpServerKeys.PRINCIPALS,
            principals(line("app", Role.READ, "shs_app")),
            HttpServerKeys.OPEN_METRICS,
            "true"));
    assertThat(get(Caller.plain(), "http", "/metrics").body()).isEqualTo("0");
  }

  @Test
  void a_callers_token_is_replaced_without_a_restart() throws Exception {
    serve(
        Map.of(HttpServerKeys.PRINCIPALS, principals(line("app", Role.READ, "shs_second-token"))));
    Caller caller = withToken("shs_first");
    assertThat(get(caller, "http", "/metrics").statusCode()).isEqualTo(401);
    tokenFile("token-shs_first", "shs_second-token");
    assertThat(get(caller, "http", "/metrics").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"length", "chunks"})
  void a_body_is_bounded_however_it_is_sent(String how) throws Exception {
    serve(Map.of(HttpServerKeys.REQUEST_BYTES, "1024"));
    for (int length : List.of(1000, 2000)) {
      byte[] body = Json.write("x".repeat(length)).getBytes();
      HttpResponse<String> response =
          send(
              Caller.plain(),
              HttpRequest.newBuilder(uri("http", "/read"))
                  .POST(
                      how.equals("length")
                          ? BodyPublishers.ofByteArray(body)
                          : BodyPublishers.ofInputStream(
                              () -> new java.io.ByteArrayInputStream(body)))
                  .build());
      if (length == 1000) {
        assertThat(response.body()).hasSize(1000);
      } else {
        assertError(
            response, 413, ErrorCode.REQUEST_TOO_LARGE, "The request is more than 1024 bytes");
      }
    }
  }

  @Test
  void whoever_asks_too_often_is_told_when_to_ask_again() throws Exception {
    serve(Map.of(HttpServerKeys.REQUESTS_PER_SECOND, "1"));
    HttpResponse<String> last = get(Caller.plain(), "http", "/metrics");
    for (int i = 0; i < 50 && last.statusCode() == 200; i++) {
      last = get(Caller.plain(), "http", "/metrics");
    }
    assertError(
        last,
        429,
        ErrorCode.TOO_MANY_REQUESTS,
        "'anyone' makes more than 1 requests per second: try again in a second");
    assertThat(last.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(get(Caller.plain(), "http", "/open").statusCode()).isEqualTo(200);
  }

  @Test
  void a_connection_beyond_the_most_waits_until_another_is_closed() throws Exception {
    serve(Map.of(HttpServerKeys.CONNECTIONS, "1"));
    HttpRequest request =
        Caller.plain().request(uri("http", "/open")).timeout(Duration.ofSeconds(20)).build();
    try (Socket first = new Socket("localhost", server.port())) {
      first
          .getOutputStream()
          .write("GET /open HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(first.getInputStream().read()).isEqualTo('H');
      HttpRequest hasty =
          Caller.plain().request(request.uri()).timeout(Duration.ofMillis(300)).build();
      assertThatThrownBy(() -> send(Caller.plain(), hasty))
          .isInstanceOf(HttpTimeoutException.class);
    }
    assertThat(send(Caller.plain(), request).body()).isEqualTo("open");
  }

  @Test
  void a_page_of_another_site_asks_in_vain() throws Exception {
    serve(Map.of());
    for (String site : List.of("same-origin", "none")) {
      assertThat(fetched(site).statusCode()).isEqualTo(200);
    }
    assertError(
        fetched("cross-site"),
        403,
        ErrorCode.FORBIDDEN_ORIGIN,
        "A page of another site may not ask this");
    assertThat(statusLine("localhost:8080")).endsWith("200 OK");
    assertThat(statusLine("127.0.0.1")).endsWith("200 OK");
    assertThat(statusLine("rebound.example.com:8080")).endsWith("403 Forbidden");
  }

  private HttpResponse<String> fetched(String site) throws Exception {
    return send(
        Caller.plain(),
        HttpRequest.newBuilder(uri("http", "/metrics")).header("Sec-Fetch-Site", site).build());
  }

  private String statusLine(String host) throws IOException {
    try (Socket socket = new Socket("localhost", server.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElseThrow();
    }
  }

  private static Map<String, String> pem() {
    return Map.of(
        ClusterConfig.TLS_KEYSTORE, TLS.resolve("server.crt").toString(),
        ClusterConfig.TLS_KEY, TLS.resolve("server.key").toString());
  }

  private static Map<String, String> pkcs12() {
    return Map.of(
        ClusterConfig.TLS_KEYSTORE,
        TLS.resolve("server.p12").toString(),
        ClusterConfig.TLS_KEYSTORE_PASSWORD,
        PASSWORD);
  }

  private static Map<String, String> with(Map<String, String> settings, String... more) {
    Map<String, String> all = new HashMap<>(settings);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_server_speaks_tls_and_its_callers_check_who_it_is(boolean isPem) throws Exception {
    serve(isPem ? pem() : pkcs12());
    Caller trusting = caller(Map.of(ClusterConfig.TLS_TRUSTSTORE, AUTHORITY));
    assertThat(get(trusting, "https", "/open").body()).isEqualTo("open");
    assertThatThrownBy(() -> get(Caller.plain(), "https", "/open"))
        .isInstanceOf(SSLHandshakeException.class);
    Caller trustingAnother =
        caller(
            Map.of(ClusterConfig.TLS_TRUSTSTORE, TLS.resolve("another-authority.crt").toString()));
    assertThatThrownBy(() -> get(trustingAnother, "https", "/open"))
        .isInstanceOf(SSLHandshakeException.class);
    assertThatThrownBy(
            () ->
                send(
                    trusting,
                    trusting
                        .request(URI.create("https://127.0.0.2:" + server.port() + "/open"))
                        .build()))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({"want, client, 200", "want, , 401", "required, client, 200"})
  void a_certificate_tells_who_calls(String clientAuth, String certificate, int status)
      throws Exception {
    serve(
        with(
            pem(),
            HttpServerKeys.TLS_CLIENT_AUTH,
            clientAuth,
            ClusterConfig.TLS_TRUSTSTORE,
            AUTHORITY,
            HttpServerKeys.PRINCIPALS,
            principals("node-1 NODE certificate:CN=client, O=Shardstream tests")));
    assertThat(get(withCertificate(certificate), "https", "/slice").statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"required, stranger", "required, "})
  void a_certificate_that_nobody_trusts_or_that_is_missing_ends_the_handshake(
      String clientAuth, String certificate) {
    serve(
        with(
            pem(),
            HttpServerKeys.TLS_CLIENT_AUTH,
            clientAuth,
            ClusterConfig.TLS_TRUSTSTORE,
            AUTHORITY));
    assertThatThrownBy(() -> get(withCertificate(certificate), "https", "/open"))
        .isInstanceOf(IOException.class);
  }

  private static Caller withCertificate(String name) {
    Map<String, String> trusting = Map.of(ClusterConfig.TLS_TRUSTSTORE, AUTHORITY);
    return caller(
        name == null
            ? trusting
            : with(trusting, ClusterConfig.TLS_KEYSTORE, TLS.resolve(name + ".pem").toString()));
  }

  @Test
  void a_certificate_is_replaced_without_a_restart() throws Exception {
    Path own = directory.resolve("own.pem");
    Files.copy(TLS.resolve("stranger.pem"), own);
    serve(Map.of(ClusterConfig.TLS_KEYSTORE, own.toString()));
    Map<String, String> trusting = Map.of(ClusterConfig.TLS_TRUSTSTORE, AUTHORITY);
    assertThatThrownBy(() -> get(caller(trusting), "https", "/open"))
        .isInstanceOf(SSLHandshakeException.class);
    Files.copy(TLS.resolve("client.pem"), own, StandardCopyOption.REPLACE_EXISTING);
    assertThat(get(caller(trusting), "https", "/open").statusCode()).isEqualTo(200);
  }

  @Test
  void what_protects_nobody_is_refused_at_the_start() throws Exception {
    String file = principals(line("app", Role.READ, "shs_app"));
    assertThat(access(Map.of(), "127.0.0.1").guard().isClosed()).isFalse();
    assertThat(access(Map.of(), "localhost").guard().isClosed()).isFalse();
    assertThat(access(Map.of(HttpServerKeys.AUTH, "none"), "0.0.0.0").guard().isClosed()).isFalse();
    assertThat(access(Map.of(HttpServerKeys.PRINCIPALS, file), "0.0.0.0").guard().isClosed())
        .isTrue();
    assertRefused(
        Map.of(),
        "http.host 0.0.0.0 can be reached from other machines, and nothing says who may call: set"
            + " http.auth.principals.file, or http.auth=none where the network lets in only those"
            + " who may");
    assertRefused(
        Map.of(HttpServerKeys.AUTH, "none", HttpServerKeys.PRINCIPALS, file),
        "http.auth=none and http.auth.principals.file exclude each other");
    assertRefused(
        Map.of(HttpServerKeys.AUTH, "required"),
        "http.auth=required needs http.auth.principals.file");
    assertRefused(
        with(pem(), HttpServerKeys.TLS_CLIENT_AUTH, "want"),
        "http.tls.client.auth needs http.tls.keystore.file and http.tls.truststore.file");
    assertRefused(
        Map.of(
            ClusterConfig.TLS_KEYSTORE, TLS.resolve("server.crt").toString(),
            ClusterConfig.TLS_KEY, TLS.resolve("client.pem").toString()),
        TLS.resolve("server.crt")
            + " does not begin with the certificate of the key in "
            + TLS.resolve("client.pem"));
    assertRefused(
        with(pkcs12(), ClusterConfig.TLS_KEYSTORE_PASSWORD, "not-the-secret"),
        TLS.resolve("server.p12") + " is neither PEM nor PKCS #12 that the password opens");
    assertRefused(
        Map.of(ClusterConfig.TLS_KEYSTORE, AUTHORITY),
        AUTHORITY + " holds no 'PRIVATE KEY' (PKCS #8, not encrypted)");
  }

  private static void assertRefused(Map<String, String> settings, String message) {
    assertThatThrownBy(() -> access(settings, "0.0.0.0"))
        .isInstanceOf(ShardstreamException.class)
        .hasMessage(message)
        .extracting(failure -> ((ShardstreamException) failure).code())
        .isEqualTo(ErrorCode.INVALID_CONFIG);
  }

  @Test
  void no_text_of_a_configuration_shows_a_secret() {
    Settings settings =
        new Settings(with(pkcs12(), ClusterConfig.TLS_TRUSTSTORE_PASSWORD, PASSWORD));
    assertThat(
            List.of(
                settings.values().toString(),
                settings.toString(),
                ServerAccess.of(settings, "127.0.0.1").toString(),
                Caller.of(settings).toString()))
        .noneMatch(text -> text.contains(PASSWORD));
  }
}
