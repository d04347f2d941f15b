package dev.shardstream.schemas.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.config.HttpServerKeys;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.http.Json;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLimitsTest extends ServedRoutes {
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
        Caller.plain().request(uri("http", "/open")).timeout(Duration.ofMinutes(2)).build();
    try (Socket first = new Socket("localhost", port())) {
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
  void a_refusal_reaches_those_who_still_send_and_their_connection_is_kept() throws Exception {
    serve(Map.of());
    byte[] refused =
        "POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8);
    byte[] next =
        "GET /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket("localhost", port())) {
      socket.getOutputStream().write(refused);
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      socket.setSoTimeout(0);
      socket.getOutputStream().write("body".getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(next);
      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answers)
          .startsWith("HTTP/1.1 404 Not Found\r\n")
          .contains("HTTP/1.1 200 OK\r\n")
          .endsWith("open");
    }
  }
}
