package dev.shardstream.worker.task;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.schemas.event.SampleKeys;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.KeySampler;
import dev.shardstream.worker.shard.ShardRef;
import dev.shardstream.worker.shard.TableShape;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Samples the shard keys of shards, one shard at a time, behind the thread that takes tasks.
 * Another attempt of a sample that goes on joins it.
 */
final class KeySamples implements AutoCloseable {
  /** Of all keys of an answer, which has to fit into one record of Kafka. */
  private static final long MOST_BYTES = 400_000;

  private final ShardRegistry shards;
  private final TaskReporter reporter;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("key-sample"));

  /** By task id, the newest attempt of each sample that goes on. */
  private final Map<String, ShardTask> attempts = new HashMap<>();

  KeySamples(ShardRegistry shards, TaskReporter reporter) {
    this.shards = shards;
    this.reporter = reporter;
  }

  /**
   * Starts a sample, or joins the one that goes on.
   *
   * @throws ShardstreamException STALE_TOPOLOGY when the shard is not held here or still copied,
   *     SHARD_FAILED, INVALID_ARGUMENT when its table has no ranges
   */
  void submit(ShardTask task, SampleKeys sample) {
    HostedShard shard =
        shards.require(new ShardRef(task.getTableId(), sample.getShardId())).requireReadable();
    if (shard.file().definition().table().getStrategy() != Strategy.RANGE) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "shard " + shard.ref() + " is of a table without ranges");
    }
    reporter.report(task, new TaskStarted());
    synchronized (attempts) {
      if (attempts.put(task.getTaskId(), task) == null) {
        TraceScope scope = TraceScope.current();
        thread.execute(() -> scope.run(() -> run(shard, task.getTaskId(), sample)));
      }
    }
  }

  private void run(HostedShard shard, String taskId, SampleKeys sample) {
    try {
      KeySample answer = answer(shard, sample);
      end(taskId).ifPresent(task -> reporter.report(task, answer));
    } catch (SQLException | RuntimeException failure) {
      end(taskId).ifPresent(task -> reporter.failed(task, failure));
    }
  }

  private static KeySample answer(HostedShard shard, SampleKeys sample) throws SQLException {
    TableShape shape = shard.file().shape();
    long rows = shard.board().current().rows();
    KeySampler.Sample found =
        KeySampler.sample(shard.readers(), shape, rows, Math.max(1, sample.getParts()))
            .within(MOST_BYTES);
    return new KeySample(
        sample.getShardId(),
        found.rows(),
        found.keys().stream().map(ByteBuffer::wrap).toList(),
        found.rowsBefore());
  }

  private Optional<ShardTask> end(String taskId) {
    synchronized (attempts) {
      return Optional.ofNullable(attempts.remove(taskId));
    }
  }

  /** Ends; samples that go on are asked for again. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
