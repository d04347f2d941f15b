package dev.shardstream.producer.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetadataFollowerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Topics TOPICS = new Topics("t");
  private static final List<String> FOLLOWED =
      List.of(
          TOPICS.catalog(),
          TOPICS.topology(),
          TOPICS.reshards(),
          TOPICS.namespaces(),
          TOPICS.liveQueries(),
          TOPICS.nodes(),
          TOPICS.ddlResults());

  private final ClientConfig config =
      ClientConfig.of(
          Map.of(
              "cluster.name", "t",
              "bootstrap.servers", "unused:1",
              "connect.timeout.ms", "300",
              "schema.registry.url", "mock://follower"));
  private final Events events =
      new Events(ConfluentRegistry.connect("mock://follower", Duration.ofSeconds(1)));
  private final Queue<DdlResult> results = new ConcurrentLinkedQueue<>();
  private final OnePartitionEach consumer = new OnePartitionEach();

  @Test
  void what_was_there_is_known_at_the_start_and_what_comes_wakes_those_who_wait() {
    consumer.makeTopics(Map.of(TOPICS.catalog(), 1L));
    consumer.onFirstPoll(
        () -> add(TOPICS.catalog(), 0, "default/default-users-2", Table.class, SampleTables.USERS));
    try (MetadataFollower follower = follower()) {
      assertThat(follower.snapshot().table("default", "users")).contains(SampleTables.USERS);
      assertThat(follower.await(now -> now.node("n0").isPresent(), Duration.ofMillis(20)))
          .isFalse();

      add(TOPICS.nodes(), 0, "n0", Node.class, SampleTables.node("n0"));
      assertThat(follower.await(now -> now.node("n0").isPresent(), LIMIT)).isTrue();
    }
  }

  @Test
  void results_count_from_now_on_only() {
    consumer.makeTopics(Map.of(TOPICS.ddlResults(), 5L));
    try (MetadataFollower follower = follower()) {
      DdlResult result =
          DdlResult.newBuilder()
              .setCommandId("c")
              .setDatabase("default")
              .setStatus(DdlStatus.APPLIED)
              .setAt(1)
              .setOperation("CREATE_TABLE")
              .setIssuedBy("ada")
              .build();
      add(TOPICS.ddlResults(), 5, "c", DdlResult.class, result);
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(results).containsExactly(result));
      assertThat(follower.snapshot()).isEqualTo(MetadataSnapshot.EMPTY);
    }
  }

  @Test
  void foreign_bytes_are_left_out_and_nothing_stops() {
    consumer.makeTopics(Map.of());
    try (MetadataFollower follower = follower()) {
      consumer.schedulePollTask(
          () ->
              consumer.addRecord(
                  new ConsumerRecord<>(TOPICS.catalog(), 0, 0, bytes("k"), bytes("junk"))));
      consumer.schedulePollTask(
          () ->
              add(TOPICS.catalog(), 1, "default/default-users-2", Table.class, SampleTables.USERS));
      assertThat(follower.await(now -> now.table("default", "users").isPresent(), LIMIT)).isTrue();
    }
  }

  @Test
  void what_kafka_refuses_for_a_while_is_asked_for_again_and_what_was_known_stays() {
    consumer.makeTopics(Map.of(TOPICS.catalog(), 1L));
    consumer.onFirstPoll(
        () -> add(TOPICS.catalog(), 0, "default/default-users-2", Table.class, SampleTables.USERS));
    try (MetadataFollower follower = follower()) {
      List<KafkaException> refusals =
          List.of(
              new SaslAuthenticationException("Invalid credentials"),
              new SaslAuthenticationException("Invalid credentials"),
              new TopicAuthorizationException(Set.of(TOPICS.catalog())),
              new TimeoutException("No answer"));
      CountDownLatch refused = new CountDownLatch(refusals.size());
      for (KafkaException refusal : refusals) {
        consumer.schedulePollTask(
            () -> {
              assertThat(follower.snapshot().table("default", "users")).isPresent();
              refused.countDown();
              consumer.setPollException(refusal);
            });
      }
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(refused.getCount()).isEqualTo(0));
      add(TOPICS.nodes(), 0, "n0", Node.class, SampleTables.node("n0"));
      assertThat(follower.await(now -> now.node("n0").isPresent(), LIMIT)).isTrue();
      assertThat(follower.snapshot().table("default", "users")).isPresent();
    }
  }

  @Test
  void a_beginning_that_is_not_told_in_time_is_asked_for_again() {
    consumer.makeTopics(Map.of());
    TopicPartition catalog = new TopicPartition(TOPICS.catalog(), 0);
    try (MetadataFollower follower = follower()) {
      consumer.failNextBeginningOffsets(new TimeoutException("No answer"));
      for (int i = 0; i < 2; i++) {
        consumer.schedulePollTask(
            () ->
                consumer.setPollException(
                    new OffsetOutOfRangeException(Map.of(catalog, consumer.position(catalog)))));
      }
      add(TOPICS.nodes(), 0, "n0", Node.class, SampleTables.node("n0"));
      assertThat(follower.await(now -> now.node("n0").isPresent(), LIMIT)).isTrue();
      add(TOPICS.catalog(), 0, "default/default-users-2", Table.class, SampleTables.USERS);
      assertThat(follower.await(now -> now.table("default", "users").isPresent(), LIMIT)).isTrue();
    }
  }

  @Test
  void who_waits_for_what_cannot_come_any_more_is_told_why() {
    for (RuntimeException end :
        List.of(new IllegalStateException("a bug"), new SerializationException("a bug"))) {
      assertThatThrownBy(() -> awaitAfter(() -> throwIt(end)))
          .hasMessageContaining("can no longer be read (a bug): reconnect");
    }
    assertThatThrownBy(
            () ->
                awaitAfter(
                    () -> {
                      throw new StackOverflowError("too deep");
                    }))
        .hasMessageContaining("StackOverflowError: too deep): reconnect");
  }

  private void awaitAfter(Runnable end) {
    OnePartitionEach ending = new OnePartitionEach();
    ending.makeTopics(Map.of());
    try (MetadataFollower follower = MetadataFollower.start(config, ending, events, r -> {})) {
      ending.schedulePollTask(end);
      follower.await(now -> now.node("n0").isPresent(), LIMIT);
    }
  }

  private static void throwIt(RuntimeException end) {
    throw end;
  }

  @Test
  void a_cluster_without_topics_is_told_after_the_connect_timeout() {
    assertThatThrownBy(this::follower)
        .isInstanceOfSatisfying(
            ShardstreamException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_ANSWER))
        .hasMessageStartingWith("Kafka at unused:1 has no topic t.catalog")
        .hasMessageEndingWith("check cluster.name and whether streams-app is running");
  }

  private MetadataFollower follower() {
    return MetadataFollower.start(config, consumer, events, results::add);
  }

  private <T extends SpecificRecordBase> void add(
      String topic, long offset, String key, Class<T> type, T value) {
    byte[] encoded = events.serde(type).serializer().serialize(topic, value);
    consumer.addRecord(new ConsumerRecord<>(topic, 0, offset, bytes(key), encoded));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Control topics of one partition; no heartbeat is recent. */
  private static final class OnePartitionEach extends MockConsumer<byte[], byte[]> {
    private final AtomicReference<@Nullable KafkaException> beginningsFailure =
        new AtomicReference<>();

    OnePartitionEach() {
      super("none");
    }

    void makeTopics(Map<String, Long> ends) {
      Map<TopicPartition, Long> beginningOffsets = new HashMap<>();
      Map<TopicPartition, Long> endOffsets = new HashMap<>();
      for (String topic : FOLLOWED) {
        updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
        beginningOffsets.put(new TopicPartition(topic, 0), 0L);
        endOffsets.put(new TopicPartition(topic, 0), ends.getOrDefault(topic, 0L));
      }
      updateBeginningOffsets(beginningOffsets);
      updateEndOffsets(endOffsets);
    }

    void failNextBeginningOffsets(KafkaException failure) {
      beginningsFailure.set(failure);
    }

    @Override
    public synchronized Map<TopicPartition, Long> beginningOffsets(
        Collection<TopicPartition> partitions) {
      KafkaException failure = beginningsFailure.getAndSet(null);
      if (failure != null) {
        throw failure;
      }
      return super.beginningOffsets(partitions);
    }

    void onFirstPoll(Runnable task) {
      schedulePollTask(task);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> timestampsToSearch) {
      return new HashMap<>();
    }
  }
}
