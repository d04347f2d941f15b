package dev.shardstream.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.standalone.process.JavaProcess;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import dev.shardstream.systemtests.reshard.Reshards;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One id, followed from a command to the shards through the logs of all processes. */
class TraceIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void one_id_leads_from_a_command_to_the_shards() {
    Shardstream client = CLUSTER.client();
    client.execute("CREATE TABLE traced (id BIGINT PRIMARY KEY, note TEXT) WITH (SHARDS=2)");
    for (long id = 0; id < 20; id++) {
      client.execute("INSERT INTO traced VALUES (?, 'x')", id);
    }
    String id = "trace-it-" + UUID.randomUUID();
    TraceScope scope =
        TraceScope.none()
            .with(new TraceContext(id, "00-" + TRACE_ID + "-00f067aa0ba902b7-01", null));

    scope.run(() -> client.execute("ALTER TABLE traced ADD COLUMN more TEXT"));
    Reshards reshards = new Reshards(client);
    ReshardInfo started = scope.ask(() -> reshards.start("traced", 3));
    reshards.completed(started);

    awaitLines(
        List.of(CLUSTER.cluster().streams()),
        id,
        "command.accepted",
        "provision.done",
        "task.issued",
        "reshard.copying",
        "reshard.complete",
        "topology.changed");
    awaitLines(
        CLUSTER.cluster().workers(),
        id,
        "schema.adopted",
        "task.taken",
        "shard.hosted",
        "copy.done",
        "verify.digested",
        "shard.dropped");
    assertThat(lines(CLUSTER.cluster().workers(), id))
        .allSatisfy(line -> assertThat(line).contains("trace_id=" + TRACE_ID, "shard="));
    assertThat(lines(CLUSTER.cluster().workers(), id))
        .filteredOn(line -> line.contains("copy.done"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains("reshard=" + started.changeLogId()));
  }

  @Test
  void a_command_over_http_is_answered_with_its_id() throws Exception {
    String id = "trace-it-" + UUID.randomUUID();
    HttpResponse<String> answer = pause(id);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(answer.headers().firstValue("X-Correlation-Id")).contains(id);
    awaitLines(List.of(CLUSTER.cluster().streams()), id, "command.rejected");

    HttpResponse<String> refused = pause("two words");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("INVALID_ARGUMENT", "X-Correlation-Id");
  }

  private static HttpResponse<String> pause(String id) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create(
                        CLUSTER.cluster().streams().url()
                            + "/v1/databases/default/reshards/none-1/pause?wait=60"))
                .header("Content-Type", "application/json")
                .header("X-Correlation-Id", id)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
  }

  /** A process may still be writing what it did before it answered. */
  private static void awaitLines(
      List<? extends JavaProcess> processes, String id, String... events) {
    await("lines of " + id)
        .atMost(Patience.ONE_STEP)
        .untilAsserted(
            () ->
                assertThat(lines(processes, id))
                    .as("lines with %s", id)
                    .extracting(line -> line.replaceFirst(".* ([a-z_]+\\.[a-z_]+) .*", "$1"))
                    .contains(events));
  }

  private static List<String> lines(List<? extends JavaProcess> processes, String id) {
    return processes.stream()
        .flatMap(process -> logs(process.log()))
        .filter(line -> line.contains("correlation=" + id))
        .toList();
  }

  /** A log with those that it was rotated to. */
  private static Stream<String> logs(Path log) {
    try (Stream<Path> files = Files.list(log.getParent())) {
      List<Path> all =
          files
              .filter(f -> f.getFileName().toString().startsWith(log.getFileName().toString()))
              .toList();
      return all.stream().flatMap(TraceIT::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole lines of a file, none of one that is rotated away at this moment. */
  private static Stream<String> read(Path file) {
    try {
      String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return content.substring(0, content.lastIndexOf('\n') + 1).lines();
    } catch (NoSuchFileException rotated) {
      return Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
