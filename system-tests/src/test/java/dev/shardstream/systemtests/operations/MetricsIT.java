package dev.shardstream.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.producer.api.Shardstream;
import dev.shardstream.schemas.config.ClusterConfig;
import dev.shardstream.schemas.http.Paths;
import dev.shardstream.standalone.process.WorkerProcess;
import dev.shardstream.systemtests.cluster.Patience;
import dev.shardstream.systemtests.cluster.RunningCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the processes of a cluster say of themselves, and what ordinary tools see of them. */
class MetricsIT {
  @RegisterExtension static final RunningCluster CLUSTER = RunningCluster.shared();

  private static final Pattern POSITION =
      Pattern.compile(
          "shardstream_worker_position_offset\\{partition=\"(\\d+)\",shard=\"(\\d+)\",table=\"([^\"]+)\"}"
              + " (\\S+)");

  private static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::toString);

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void every_shard_has_a_group_whose_lag_is_ours_and_all_that_is_exposed_is_documented()
      throws Exception {
    Shardstream client = CLUSTER.client();
    client.execute("CREATE TABLE lagged (id BIGINT PRIMARY KEY, note TEXT) WITH (SHARDS=3)");
    for (int i = 0; i < 40; i++) {
      client.execute("INSERT INTO lagged VALUES (?, 'x')", (long) i);
    }
    String table = client.tables().describe("lagged").info().tableId();
    String topic = client.tables().describe("lagged").logTopic();
    String prefix =
        CLUSTER.cluster().clientSettings().get(ClusterConfig.CLUSTER_NAME) + "." + table;

    try (Admin admin = admin()) {
      Map<TopicPartition, Long> ends = ends(admin, topic);
      assertThat(ends.values().stream().mapToLong(end -> end).sum()).isEqualTo(40);
      // Each commits what it has reached every five seconds.
      await("what was reached is committed")
          .atMost(Patience.ONE_STEP)
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                Map<TopicPartition, Long> committed = new TreeMap<>(ORDER);
                for (int shard = 0; shard < 3; shard++) {
                  committed.putAll(committed(admin, prefix + "." + shard));
                }
                assertThat(committed).as("lag is 0 everywhere").isEqualTo(ends);
                assertThat(positions(table, topic)).isEqualTo(ends);
              });
    }
    Set<String> exposed = new TreeSet<>(MetricsPageTest.exposed(workers()));
    exposed.addAll(MetricsPageTest.exposed(scrape(CLUSTER.cluster().streams().url())));
    assertThat(exposed).contains("shardstream_worker_ready", "shardstream_streams_ready");
    assertThat(MetricsPage.read().exposed()).containsAll(exposed);
    assertThat(workers()).contains("kafka_consumer_fetch_manager_records_consumed_total{");
  }

  private static Admin admin() {
    return Admin.create(
        Map.of(
            "bootstrap.servers",
            CLUSTER.cluster().clientSettings().get(ClusterConfig.BOOTSTRAP_SERVERS)));
  }

  /** As {@code kafka-consumer-groups} asks for them. */
  private static Map<TopicPartition, Long> ends(Admin admin, String topic) throws Exception {
    int partitions =
        admin
            .describeTopics(List.of(topic))
            .topicNameValues()
            .get(topic)
            .get(Patience.ONE_STEP.toSeconds(), TimeUnit.SECONDS)
            .partitions()
            .size();
    Map<TopicPartition, OffsetSpec> wanted = new TreeMap<>(ORDER);
    for (int partition = 0; partition < partitions; partition++) {
      wanted.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    return admin
        .listOffsets(wanted)
        .all()
        .get(Patience.ONE_STEP.toSeconds(), TimeUnit.SECONDS)
        .entrySet()
        .stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                end -> end.getValue().offset(),
                Math::max,
                () -> new TreeMap<>(ORDER)));
  }

  private static Map<TopicPartition, Long> committed(Admin admin, String group) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        admin
            .listConsumerGroupOffsets(group)
            .partitionsToOffsetAndMetadata()
            .get(Patience.ONE_STEP.toSeconds(), TimeUnit.SECONDS);
    return offsets.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, offset -> offset.getValue().offset()));
  }

  /** What the workers expose. */
  private Map<TopicPartition, Long> positions(String table, String topic) throws Exception {
    Map<TopicPartition, Long> positions = new TreeMap<>(ORDER);
    Matcher position = POSITION.matcher(workers());
    while (position.find()) {
      if (position.group(3).equals(table)) {
        positions.merge(
            new TopicPartition(topic, Integer.parseInt(position.group(1))),
            (long) Double.parseDouble(position.group(4)),
            Math::min);
      }
    }
    return positions;
  }

  private String workers() throws IOException, InterruptedException {
    StringBuilder all = new StringBuilder();
    for (WorkerProcess worker : CLUSTER.cluster().workers()) {
      all.append(scrape(worker.url()));
    }
    return all.toString();
  }

  private String scrape(String url) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(url + Paths.METRICS)).build(),
            BodyHandlers.ofString())
        .body();
  }
}
