package dev.shardstream.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.streams.live.LiveEvent;
import io.javalin.Javalin;
import io.javalin.http.sse.SseClient;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class EventStreamTest {
  /** More than the buffers between a server and a client on one machine hold. */
  private static final int MUCH = 64 * 1024 * 1024;

  private final RunningApi api = new RunningApi();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void whoever_watches_reads_all_anew_and_then_gets_what_happens() throws Exception {
    try (Stream<String> lines = watch(null)) {
      Iterator<String> line = lines.iterator();
      assertThat(next(line, 3)).containsExactly("id: run-0", "event: reset", "data: {}");

      api.hub.publish(LiveEvent.TABLE, Map.of("a", 1));
      assertThat(next(line, 3)).containsExactly("id: run-1", "event: table", "data: {\"a\":1}");
    }
  }

  @Test
  void whoever_comes_back_goes_on_where_it_was() throws Exception {
    api.hub.publish(LiveEvent.TABLE, Map.of("a", 1));
    api.hub.publish(LiveEvent.TABLE, Map.of("a", 2));
    try (Stream<String> lines = watch("run-1")) {
      assertThat(next(lines.iterator(), 3))
          .containsExactly("id: run-2", "event: table", "data: {\"a\":2}");
    }
  }

  @Test
  void streams_are_ended_when_the_server_stops() throws Exception {
    try (Stream<String> one = watch(null);
        Stream<String> other = watch(null)) {
      Iterator<String> lines = one.iterator();
      next(lines, 3);
      next(other.iterator(), 3);

      api.close();

      assertThat(api.hub.isWatched()).isFalse();
      assertThat(senders()).isEmpty();
      lines.forEachRemaining(EventStreamTest::assertNoEvent);
    }
  }

  @Test
  void a_stream_that_nobody_reads_is_ended_too() throws Exception {
    URI uri = api.uri("/v1/events");
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      await(api.hub::isWatched);
      api.hub.publish(LiveEvent.TABLE, Map.of("a", "x".repeat(MUCH)));
      await(() -> senders().stream().anyMatch(EventStreamTest::isWriting));

      api.close();

      assertThat(api.hub.isWatched()).isFalse();
      assertThat(senders()).isEmpty();
    }
  }

  /** Sees what the server's threads may be late with. */
  @Test
  void a_stream_is_ended_when_the_server_has_sent_its_last_byte() throws Exception {
    CompletableFuture<Void> mayEnd = new CompletableFuture<>();
    EventStream events = new EventStream(api.hub, Duration.ofMinutes(2));
    Javalin server =
        Javalin.create(
                config ->
                    config.routes.sse(
                        "/v1/events",
                        client -> {
                          events.open(client);
                          mayEnd.join();
                        }))
            .start("127.0.0.1", 0);
    try (Stream<String> lines =
        watch(URI.create("http://127.0.0.1:" + server.port() + "/v1/events"), null)) {
      Iterator<String> line = lines.iterator();
      next(line, 3);
      Thread closer = new Thread(events::close);
      closer.start();
      await(
          () ->
              !closer.isAlive()
                  || isIn(closer.getStackTrace(), EventStream.class.getName(), "awaitAnswered"));
      assertThat(closer.isAlive()).as("it waits for the server").isTrue();

      mayEnd.complete(null);
      closer.join();
      server.stop();

      line.forEachRemaining(EventStreamTest::assertNoEvent);
    } finally {
      mayEnd.complete(null);
      server.stop();
    }
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(condition);
  }

  /**
   * The threads that send to somebody. A thread whose stream has ended is none of them, although it
   * may live a moment longer than the pool that it belongs to.
   */
  private static List<Thread> senders() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> isIn(thread.getValue(), EventStream.class.getName(), "send"))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isWriting(Thread sender) {
    return sender.getState() == Thread.State.WAITING
        && isIn(sender.getStackTrace(), SseClient.class.getName(), "sendEvent");
  }

  private static boolean isIn(StackTraceElement[] stack, String type, String method) {
    return Arrays.stream(stack)
        .anyMatch(
            frame -> frame.getClassName().equals(type) && frame.getMethodName().equals(method));
  }

  private Stream<String> watch(String lastId) throws Exception {
    return watch(api.uri("/v1/events"), lastId);
  }

  private static Stream<String> watch(URI events, String lastId) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(events).header("Accept", "text/event-stream");
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.ofLines())
        .body();
  }

  private static List<String> next(Iterator<String> lines, int count) {
    return Stream.generate(lines::next).filter(EventStreamTest::isOfEvent).limit(count).toList();
  }

  private static void assertNoEvent(String line) {
    assertThat(line).doesNotMatch(EventStreamTest::isOfEvent, "of an event");
  }

  /** Others are between events, or comments that show that the stream lives. */
  private static boolean isOfEvent(String line) {
    return !line.isEmpty() && !line.startsWith(":");
  }
}
