package dev.shardstream.worker.task;

import static org.awaitility.Awaitility.await;

import dev.shardstream.schemas.access.Caller;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CopySource;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.row.RowChange.Op;
import dev.shardstream.schemas.serde.Events;
import dev.shardstream.worker.FakeLog;
import dev.shardstream.worker.Orders;
import dev.shardstream.worker.TestNode;
import dev.shardstream.worker.copy.ShardCopier;
import dev.shardstream.worker.copy.SliceClient;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.NodeIdentity;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A node without Kafka that takes tasks, and what it answered. */
final class TestTasks implements AutoCloseable {
  static final NodeIdentity IDENTITY = new NodeIdentity("node-1", "i-1", "http://x");

  private final FakeLog log;
  private final TestNode node;
  private final MockProducer<String, TaskEvent> producer;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final TaskHandler handler;

  private TestTasks(FakeLog log, TestNode node) {
    this.log = log;
    this.node = node;
    this.producer =
        new MockProducer<>(
            true,
            null,
            new StringSerializer(),
            new Events(log.registry()).serde(TaskEvent.class).serializer());
    ShardCopier copier =
        new ShardCopier(
            "node-1",
            shard ->
                node.shards().find(shard).map(hosted -> hosted.requireReadable().file().path()),
            node.catalog(),
            adopted -> {},
            new SliceClient(Duration.ofMinutes(1), Caller.plain()),
            node.directory().temporary(),
            metrics);
    Clock clock = Clock.fixed(Instant.ofEpochMilli(77), ZoneOffset.UTC);
    this.handler =
        new TaskHandler(
            node.shards(),
            copier,
            node.verifier(),
            new TaskReporter(IDENTITY, producer, "task-events", clock, metrics),
            1,
            metrics);
  }

  /** Goes on with the shards that are in the directory. */
  static TestTasks open(Path directory, FakeLog log) throws Exception {
    TestNode node = TestNode.open(directory, log);
    node.shards().openAll();
    return new TestTasks(log, node);
  }

  TestNode node() {
    return node;
  }

  MockProducer<String, TaskEvent> producer() {
    return producer;
  }

  /** Value of a gauge or count of a counter. */
  double metric(String name) {
    return metrics.get(name).meter().measure().iterator().next().getValue();
  }

  void give(String taskId, int attempt, Object work) {
    handler.handle(
        new ShardTask(
            taskId, attempt, "node-1", "default", Orders.TABLE.getTableId(), "r-1", 5L, work));
  }

  /** What was answered to any attempt of a task, in order. */
  List<Object> answers(String taskId) {
    return answered(taskId).stream().map(TaskEvent::getEvent).toList();
  }

  /**
   * What was answered to any attempt of a task, apart from how far it was: that is told by another
   * thread, also behind the end.
   */
  List<Object> outcomes(String taskId) {
    return answers(taskId).stream().filter(answer -> !(answer instanceof TaskProgress)).toList();
  }

  /** {@link #answers} with the attempts. */
  List<TaskEvent> answered(String taskId) {
    return producer.history().stream()
        .map(ProducerRecord::value)
        .filter(answer -> answer.getTaskId().equals(taskId))
        .toList();
  }

  void awaitDone(String taskId) {
    await().until(() -> answers(taskId).stream().anyMatch(TaskDone.class::isInstance));
  }

  void awaitDone(String taskId, int attempt) {
    await()
        .until(
            () ->
                answered(taskId).stream()
                    .anyMatch(
                        answer ->
                            answer.getAttempt() == attempt
                                && answer.getEvent() instanceof TaskDone));
  }

  HostedShard shard(int shardId) {
    return node.shards().require(new ShardRef(Orders.TABLE.getTableId(), shardId));
  }

  long rows(int shardId) {
    return shard(shardId).board().current().rows();
  }

  /** Makes shard 0, which applies 400 rows. */
  void source() {
    give("create-0", 1, new CreateShard(0, Orders.TABLE, Orders.ALL, true, null, "i-1"));
    for (long id = 0; id < 400; id++) {
      log.append(Orders.change(Op.INSERT, 1, id, 2, "c" + id));
    }
    await().until(() -> rows(0) == 400);
  }

  /** A copy from shard 0 of this node, as fast as it goes. */
  static CopyShard copy(int target, List<Integer> virtualShards) {
    return copy(target, virtualShards, null, false);
  }

  /** A copy from shard 0 of this node. */
  static CopyShard copy(
      int target, List<Integer> virtualShards, Long rowsPerSecond, boolean paused) {
    return new CopyShard(
        target,
        List.of(new CopySource(0, "node-1", "http://x", virtualShards, null)),
        rowsPerSecond,
        paused,
        0,
        List.of());
  }

  /** Digests of shards at one fence in every partition, all of their virtual shards together. */
  List<List<Digest>> digests(String fenceId, int... shardIds) {
    for (int shardId : shardIds) {
      give(
          fenceId + "/" + shardId,
          1,
          new VerifyShard(
              shardId, fenceId, shard(shardId).file().definition().virtualShards(), false));
    }
    for (int partition = 0; partition < Orders.PARTITIONS; partition++) {
      log.fence(partition, fenceId);
    }
    List<List<Digest>> digests = new ArrayList<>();
    for (int shardId : shardIds) {
      int count = shard(shardId).file().definition().virtualShards().size();
      await().until(() -> digestsOf(fenceId + "/" + shardId).size() == count);
      digests.add(digestsOf(fenceId + "/" + shardId));
    }
    return digests;
  }

  /** What a task answered in digests, by virtual shard. */
  List<Digest> digestsOf(String taskId) {
    List<Digest> digests = new ArrayList<>();
    answers(taskId).stream()
        .filter(ShardDigests.class::isInstance)
        .forEach(answer -> digests.addAll(((ShardDigests) answer).getDigests()));
    digests.sort((a, b) -> Integer.compare(a.getVirtualShard(), b.getVirtualShard()));
    return digests;
  }

  @Override
  public void close() throws IOException {
    handler.close();
    node.close();
  }
}
