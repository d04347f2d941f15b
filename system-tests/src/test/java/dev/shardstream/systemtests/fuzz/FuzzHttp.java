package dev.shardstream.systemtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.http.ErrorBody;
import dev.shardstream.schemas.http.Json;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Sends requests that are nearly right to a server, and looks at every answer. */
final class FuzzHttp {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /**
   * A server refuses a URL that is none, and more than so many bytes where no body is wanted, while
   * they are being sent: it closes the connection, which the sender may see before the answer.
   */
  private static final int BYTES_AHEAD = 64 * 1024;

  private static final String HARMLESS = "-._~/?&=:,;@!$'()*+";

  /**
   * A request that is right.
   *
   * @param body null for a GET
   */
  record Example(String path, @Nullable String body) {}

  private final int port;
  private final List<Example> examples;
  private final List<String> paths;
  private final List<String> bodies;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  FuzzHttp(int port, List<Example> examples) {
    this.port = port;
    this.examples = examples;
    this.paths = examples.stream().map(Example::path).toList();
    this.bodies =
        examples.stream().filter(e -> e.body() != null).map(e -> String.valueOf(e.body())).toList();
  }

  /** Sends one. */
  void feed(Random random) throws Exception {
    Mangler mangler = new Mangler(random);
    Example example = mangler.oneOf(examples);
    if (mangler.chance(0.03)) {
      raw(mangler, example);
      return;
    }
    boolean isOfPath = example.body() == null || mangler.chance(0.2);
    String path = isOfPath ? mangler.mangled(example.path(), paths) : example.path();
    String body =
        example.body() == null || isOfPath
            ? example.body()
            : mangler.mangled(example.body(), bodies);
    String input = (body == null ? "GET " : "POST ") + path + "\n" + (body == null ? "" : body);
    try {
      HttpResponse<String> answer = send(path, body, mangler);
      requireAnswer(input, answer.statusCode(), answer.body());
    } catch (IOException ended) {
      if (body == null || !isOfPath && body.length() < BYTES_AHEAD) {
        throw new IOException(Fuzz.shown(input), ended);
      }
    }
  }

  private HttpResponse<String> send(String path, @Nullable String body, Mangler mangler)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/" + encoded(path).replaceFirst("^/+", ""));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    if (mangler.chance(0.02)) {
      request.header("Idempotency-Key", "x".repeat(1 + Math.abs(mangler.small() % 300)));
    }
    if (body != null) {
      request.header("Content-Type", mangler.chance(0.02) ? "text/plain" : "application/json");
      request.method(
          mangler.chance(0.02) ? mangler.oneOf(List.of("PUT", "DELETE", "PATCH", "X")) : "POST",
          BodyPublishers.ofString(body));
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** What no client lets through is encoded: the server decodes it. */
  private static String encoded(String path) {
    StringBuilder encoded = new StringBuilder();
    for (byte one : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (one & 0xff);
      boolean isPlain = c < 128 && (Character.isLetterOrDigit(c) || HARMLESS.indexOf(c) >= 0);
      encoded.append(isPlain ? String.valueOf(c) : String.format("%%%02x", (int) c));
    }
    return encoded.toString();
  }

  /** Bytes that may be no HTTP at all; the connection ends with them. */
  private void raw(Mangler mangler, Example example) throws IOException {
    String request =
        mangler.mangled(
            "GET " + example.path() + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n", paths);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (answer.startsWith("HTTP/")) {
        String[] parts = answer.split("\r\n\r\n", 2);
        assertThat(answer.split(" ", 3)[1]).as(Fuzz.shown(request)).isNotEqualTo("500");
        assertThat(parts).as(Fuzz.shown(request)).hasSize(2);
      }
    }
  }

  /** It is done, or refused by an error that has a code and is the caller's. */
  private static void requireAnswer(String input, int status, String answer) {
    String last = answer.stripTrailing();
    last = last.substring(last.lastIndexOf('\n') + 1);
    if (status >= 400 || last.startsWith("{\"code\":")) {
      ErrorBody error = Json.read(last, ErrorBody.class);
      assertThat(error.code())
          .as("%d %s%n%s", status, answer, Fuzz.shown(input))
          .isEqualTo(ErrorCode.named(error.code()).name())
          .isNotEqualTo(ErrorCode.INTERNAL.name());
      assertThat(status).as("%s%n%s", answer, Fuzz.shown(input)).isNotEqualTo(500);
    }
  }

  /** The answer to a request that is right. */
  HttpResponse<String> right(Example example) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + example.path()))
            .timeout(PATIENCE);
    if (example.body() != null) {
      request
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(example.body()));
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
