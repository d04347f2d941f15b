package dev.shardstream.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real broker and the real registry, killed as a crash would. */
class BrokerAndRegistryTest {
  private static final String SCHEMA = "{\"schema\":\"{\\\"type\\\":\\\"string\\\"}\"}";

  @TempDir private Path directory;
  private BrokerProcess broker;
  private RegistryProcess registry;

  @BeforeEach
  void chooses_ports() {
    Random random = new Random();
    int first = Ports.choose(random, Set.of());
    int second = Ports.choose(random, Set.of(first));
    ProcessContext context =
        new ProcessContext(
            Installation.current(), new DataDirectory(directory), Lifetime.WITH_PARENT);
    broker = new BrokerProcess(context, 1, Quorum.of(first, second));
    registry = new RegistryProcess(context, Ports.choose(random, Set.of(first, second)));
  }

  @AfterEach
  void ends_them() {
    broker.kill();
    registry.kill();
  }

  @Test
  void topics_and_schema_ids_are_found_again_after_kill_9_of_both() throws Exception {
    broker.launch();
    registry.launch();
    broker.awaitReady();
    registry.awaitReady();
    long brokerPid = broker.pid().orElseThrow();

    createTopic("orders", 16);
    String id = register("orders-value");
    assertThat(finalizedLevel("transaction.version")).isEqualTo((short) 2);

    broker.kill();
    registry.kill();
    assertThat(List.of(broker.isAlive(), registry.isAlive())).containsOnly(false);

    broker.launch();
    registry.launch();
    broker.awaitReady();
    registry.awaitReady();

    assertThat(broker.pid().orElseThrow()).isNotEqualTo(brokerPid);
    assertThat(partitions("orders")).isEqualTo(16);
    assertThat(subjects()).isEqualTo("[\"orders-value\"]");
    assertThat(register("orders-value")).isEqualTo(id);

    Optional<ProcessHandle> stopping = broker.requestStop();
    registry.stop();
    broker.awaitStopped(stopping.orElseThrow());
    assertThat(List.of(broker.isReady(), registry.isReady())).containsOnly(false);
  }

  private Admin admin() {
    return Admin.create(
        Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.address()));
  }

  private void createTopic(String name, int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  private int partitions(String topic) throws Exception {
    try (Admin admin = admin()) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .get(topic)
          .partitions()
          .size();
    }
  }

  private short finalizedLevel(String feature) throws Exception {
    try (Admin admin = admin()) {
      return admin
          .describeFeatures()
          .featureMetadata()
          .get()
          .finalizedFeatures()
          .get(feature)
          .maxVersionLevel();
    }
  }

  private String register(String subject) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/" + subject + "/versions"))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(HttpRequest.BodyPublishers.ofString(SCHEMA)));
  }

  private String subjects() throws Exception {
    return send(HttpRequest.newBuilder(URI.create(registry.url() + "/subjects")));
  }

  private static String send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }
}
