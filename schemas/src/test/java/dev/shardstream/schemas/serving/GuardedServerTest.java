package dev.shardstream.schemas.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.access.Role;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceScope;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuardedServerTest extends ServedRoutes {
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
    assertThat(raw("GET /open?x=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close"))
        .startsWith("HTTP/1.1 400 ")
        .endsWith("}");
    for (String unreadable : List.of("GET /%zz HTTP/1.1\r\nHost: localhost", "NONSENSE")) {
      assertThat(raw(unreadable))
          .startsWith("HTTP/1.1 400 ")
          .contains("\r\nConnection: close\r\n")
          .endsWith("}");
    }
    Map<String, Double> counts = new HashMap<>();
    counted.getMeters().stream()
        .map(Counter.class::cast)
        .forEach(c -> counts.put(c.getId().getTag("code"), c.count()));
    assertThat(counts)
        .isEqualTo(Map.of("UNKNOWN_ENDPOINT", 1.0, "INTERNAL", 1.0, "INVALID_ARGUMENT", 3.0));
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
    try (Socket socket = new Socket("localhost", port())) {
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
}
