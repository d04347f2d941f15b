package dev.shardstream.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.streams.live.LiveEvent;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventStreamTest {
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

  private Stream<String> watch(String lastId) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(api.uri("/v1/events")).header("Accept", "text/event-stream");
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.ofLines())
        .body();
  }

  private static List<String> next(Iterator<String> lines, int count) {
    return Stream.generate(lines::next).filter(line -> !line.isEmpty()).limit(count).toList();
  }
}
