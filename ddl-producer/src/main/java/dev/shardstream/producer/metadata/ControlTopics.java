package dev.shardstream.producer.metadata;

import dev.shardstream.producer.config.ClientConfig;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Where in the control topics a client begins to read. */
final class ControlTopics {
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** Nodes and live queries give signs of life; who has been silent for longer will be heard. */
  private static final Duration HEARTBEATS = Duration.ofSeconds(15);

  private final ClientConfig config;
  private final Topics topics;
  private final Consumer<byte[], byte[]> consumer;

  ControlTopics(ClientConfig config, Consumer<byte[], byte[]> consumer) {
    this.config = config;
    this.topics = config.topics();
    this.consumer = consumer;
  }

  /**
   * Assigns every partition and seeks: state from its beginning, heartbeats from a few seconds ago,
   * DDL results from now.
   *
   * @param now milliseconds since the epoch
   * @return the end of each partition at this moment
   * @throws ShardstreamException NO_ANSWER when the topics are not there after the connect timeout
   */
  Map<TopicPartition, Long> assign(long now) {
    long deadline = System.nanoTime() + config.connectTimeout().toNanos();
    List<TopicPartition> state = new ArrayList<>();
    state.addAll(partitions(topics.catalog(), deadline));
    state.addAll(partitions(topics.topology(), deadline));
    state.addAll(partitions(topics.reshards(), deadline));
    state.addAll(partitions(topics.namespaces(), deadline));
    List<TopicPartition> alive = new ArrayList<>(partitions(topics.nodes(), deadline));
    alive.addAll(partitions(topics.liveQueries(), deadline));
    List<TopicPartition> results = partitions(topics.ddlResults(), deadline);

    List<TopicPartition> all = new ArrayList<>(state);
    all.addAll(alive);
    all.addAll(results);
    consumer.assign(all);
    consumer.beginningOffsets(state).forEach(consumer::seek);
    seekToHeartbeats(alive, now);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    results.forEach(partition -> consumer.seek(partition, ends.get(partition)));
    return ends;
  }

  private void seekToHeartbeats(List<TopicPartition> alive, long now) {
    long silence = Math.max(HEARTBEATS.toMillis(), config.liveQueryTimeout().toMillis());
    Map<TopicPartition, Long> since =
        alive.stream().collect(Collectors.toMap(p -> p, p -> now - silence));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(since);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(alive);
    for (TopicPartition partition : alive) {
      OffsetAndTimestamp offset = found.get(partition);
      consumer.seek(partition, offset == null ? beginnings.get(partition) : offset.offset());
    }
  }

  private List<TopicPartition> partitions(String topic, long deadline) {
    while (true) {
      List<PartitionInfo> found = consumer.partitionsFor(topic);
      if (found != null && !found.isEmpty()) {
        return found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
      }
      if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
        throw ShardstreamException.reported(
            ErrorCode.NO_ANSWER,
            "Kafka at %s has no topic %s (waited %d s): check cluster.name and whether streams-app is running"
                .formatted(config.bootstrapServers(), topic, config.connectTimeout().toSeconds()));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
