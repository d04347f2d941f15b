package dev.shardstream.worker.task;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.kafka.ConsumerThread;
import dev.shardstream.schemas.serde.MalformedRecordException;
import dev.shardstream.schemas.trace.LogField;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.schemas.trace.TraceScope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes this node's tasks in order, each once per start at most, and commits a position when all
 * tasks before it are taken. Tasks are safe to repeat, so after a crash some come again. Each is
 * handled in a scope that says for whom.
 */
public final class TaskLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskLoop.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(15);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

  private final byte[] nodeId;
  private final String topic;
  private final Deserializer<ShardTask> tasks;
  private final java.util.function.Consumer<ShardTask> handler;
  private final ConsumerThread thread;
  private volatile boolean running;

  /**
   * @param consumers makes a consumer in the node's group
   */
  public TaskLoop(
      String nodeId,
      String topic,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Deserializer<ShardTask> tasks,
      java.util.function.Consumer<ShardTask> handler) {
    this.nodeId = nodeId.getBytes(StandardCharsets.UTF_8);
    this.topic = topic;
    this.tasks = tasks;
    this.handler = handler;
    this.thread = new ConsumerThread("tasks", consumers, STOP_LIMIT, this::run);
  }

  public void start() {
    thread.start();
  }

  /** Whether it takes tasks now. */
  public boolean isRunning() {
    return running;
  }

  private void run(Consumer<byte[], byte[]> opened) {
    try {
      follow(opened, assign(opened));
    } finally {
      running = false;
    }
  }

  private List<TopicPartition> assign(Consumer<byte[], byte[]> opened) {
    List<TopicPartition> partitions =
        opened.partitionsFor(topic, ASK_LIMIT).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    opened.assign(partitions);
    Map<TopicPartition, OffsetAndMetadata> committed =
        opened.committed(new HashSet<>(partitions), ASK_LIMIT);
    List<TopicPartition> fresh = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset == null) {
        fresh.add(partition);
      } else {
        opened.seek(partition, offset.offset());
      }
    }
    // Of no partitions it would mean all of them.
    if (!fresh.isEmpty()) {
      opened.seekToBeginning(fresh);
    }
    return partitions;
  }

  private void follow(Consumer<byte[], byte[]> opened, List<TopicPartition> partitions) {
    running = true;
    LOG.info("tasks.following topic={} partitions={}", topic, partitions.size());
    while (!thread.isStopping()) {
      int taken = 0;
      try {
        for (ConsumerRecord<byte[], byte[]> logged : opened.poll(POLL)) {
          taken++;
          take(logged);
        }
      } catch (OffsetOutOfRangeException gone) {
        // Tasks are kept for a week only; the coordinator has issued again what still counts.
        LOG.warn("tasks.expired partitions={}", gone.partitions());
        opened.seekToBeginning(gone.partitions());
      }
      // Once it is to stop, tasks are left untaken, and their positions must not be committed.
      if (taken > 0 && !thread.isStopping()) {
        opened.commitSync(ASK_LIMIT);
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> logged) {
    if (thread.isStopping() || !java.util.Arrays.equals(nodeId, logged.key())) {
      return;
    }
    decode(logged)
        .ifPresent(
            task ->
                TraceScope.none()
                    .with(TraceHeaders.read(logged.headers()))
                    .with(LogField.TABLE, task.getTableId())
                    .with(LogField.RESHARD, task.getChangeLogId())
                    .run(() -> handler.accept(task)));
  }

  private Optional<ShardTask> decode(ConsumerRecord<byte[], byte[]> logged) {
    while (true) {
      try {
        return Optional.ofNullable(tasks.deserialize(topic, logged.value()));
      } catch (MalformedRecordException malformed) {
        LOG.error(
            "tasks.malformed partition={} offset={}",
            logged.partition(),
            logged.offset(),
            malformed);
        return Optional.empty();
      } catch (ShardstreamException registryAway) {
        LOG.warn("tasks.waiting reason={}", registryAway.getMessage());
        thread.pause();
        if (thread.isStopping()) {
          throw registryAway;
        }
      }
    }
  }

  /** Ends after the task in hand. */
  @Override
  public void close() {
    thread.close();
  }
}
