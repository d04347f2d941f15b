package dev.shardstream.worker.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.serde.ConfluentRegistry;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.schemas.trace.TraceContext;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.schemas.trace.TraceScope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class TaskLoopTest {
  private static final String TOPIC = "test.shard-tasks";
  private static final TopicPartition ONE = new TopicPartition(TOPIC, 0);

  private final Serde<ShardTask> serde =
      new Events(ConfluentRegistry.connect("mock://" + UUID.randomUUID(), Duration.ofSeconds(1)))
          .serde(ShardTask.class);
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final List<String> takenFor = new CopyOnWriteArrayList<>();
  private final TopicConsumer consumer = new TopicConsumer();

  /** Three records of two nodes and one that nobody can read, and what the group has committed. */
  private final class TopicConsumer extends MockConsumer<byte[], byte[]> {
    private final Map<TopicPartition, OffsetAndMetadata> group = new HashMap<>();
    private boolean filled;

    TopicConsumer() {
      super("none");
      updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
      updateBeginningOffsets(Map.of(ONE, 0L));
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
        java.util.Set<TopicPartition> partitions, Duration timeout) {
      return group;
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration wait) {
      if (!filled) {
        filled = true;
        addRecord(task(0, "node-1", "a"));
        addRecord(task(1, "node-2", "b"));
        addRecord(new ConsumerRecord<>(TOPIC, 0, 2, bytes("node-1"), new byte[] {7}));
        ConsumerRecord<byte[], byte[]> traced = task(3, "node-1", "c");
        TraceHeaders.write(TraceContext.of("invoice-17"), traced.headers());
        addRecord(traced);
      }
      LockSupport.parkNanos(2_000_000);
      return super.poll(wait);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private ConsumerRecord<byte[], byte[]> task(long offset, String nodeId, String taskId) {
    ShardTask task =
        new ShardTask(taskId, 1, nodeId, "default", "default-t-1", null, 0L, new DropShard(0));
    return new ConsumerRecord<>(
        TOPIC, 0, offset, bytes(nodeId), serde.serializer().serialize(TOPIC, task));
  }

  private TaskLoop loop() {
    TaskLoop loop =
        new TaskLoop(
            "node-1",
            TOPIC,
            () -> consumer,
            serde.deserializer(),
            task -> {
              takenFor.add(
                  TraceScope.current().trace().map(TraceContext::correlationId).orElse(""));
              taken.add(task.getTaskId());
            });
    loop.start();
    return loop;
  }

  @Test
  void a_node_takes_its_own_tasks_in_order_and_passes_what_it_cannot_read() {
    try (TaskLoop loop = loop()) {
      await().until(() -> taken.contains("c"));
      assertThat(taken).containsExactly("a", "c");
      assertThat(takenFor).as("for whom").containsExactly("", "invoice-17");
      assertThat(loop.isRunning()).isTrue();
    }
  }

  @Test
  void a_node_that_starts_again_goes_on_behind_the_tasks_it_took() {
    consumer.group.put(ONE, new OffsetAndMetadata(1));
    try (TaskLoop loop = loop()) {
      await().until(() -> taken.contains("c"));
      assertThat(taken).containsExactly("c");
      assertThat(loop.isRunning()).isTrue();
    }
  }
}
