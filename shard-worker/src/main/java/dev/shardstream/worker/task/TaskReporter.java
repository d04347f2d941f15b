package dev.shardstream.worker.task;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.SchemaReached;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.trace.TraceHeaders;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.node.NodeIdentity;
import dev.shardstream.worker.shard.ShardFile;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the answers to tasks. One that is lost costs time, not correctness: the coordinator issues
 * a silent task again. Each is sent for whom the reporting thread works.
 */
public final class TaskReporter {
  private static final Logger LOG = LoggerFactory.getLogger(TaskReporter.class);

  private final NodeIdentity identity;
  private final Producer<String, TaskEvent> producer;
  private final String topic;
  private final Clock clock;
  private final MeterRegistry metrics;

  /**
   * @param producer stays the caller's
   */
  public TaskReporter(
      NodeIdentity identity,
      Producer<String, TaskEvent> producer,
      String topic,
      Clock clock,
      MeterRegistry metrics) {
    this.identity = identity;
    this.producer = producer;
    this.topic = topic;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Names the process that answers. */
  String incarnation() {
    return identity.incarnation();
  }

  /**
   * Sends an event without waiting for Kafka.
   *
   * @param event one of the records that a TaskEvent can carry
   */
  public void report(ShardTask task, Object event) {
    send(task.getTaskId(), task.getAttempt(), task.getDatabase(), task.getTableId(), event);
  }

  /**
   * Sends which version of its table and which indexes a shard has. It answers no task; when it is
   * lost, a heartbeat says the same.
   */
  public void schemaReached(ShardFile shard) {
    Table table = shard.definition().table();
    send(
        "",
        0,
        table.getDatabase(),
        table.getTableId(),
        new SchemaReached(shard.ref().shardId(), table.getSchemaVersion(), shard.indexes()));
  }

  private void send(String taskId, int attempt, String database, String tableId, Object event) {
    TaskEvent answer =
        new TaskEvent(
            taskId,
            attempt,
            identity.nodeId(),
            identity.incarnation(),
            database,
            tableId,
            clock.millis(),
            event);
    ProducerRecord<String, TaskEvent> record = new ProducerRecord<>(topic, database, answer);
    TraceHeaders.writeCurrent(record.headers());
    try {
      producer.send(
          record,
          (sent, failure) -> {
            if (failure != null) {
              reportLost(taskId, tableId, failure);
            }
          });
    } catch (RuntimeException failure) {
      reportLost(taskId, tableId, failure);
    }
  }

  private static void reportLost(String taskId, String tableId, Exception failure) {
    LOG.warn("task.report.failed task={} table={}", taskId, tableId, failure);
  }

  /** What a task is to do, like CopyShard. */
  static String kind(ShardTask task) {
    return task.getTask().getClass().getSimpleName();
  }

  /** Reports a failure; retriable is what another attempt may mend. */
  public void failed(ShardTask task, Exception failure) {
    ErrorCode code =
        failure instanceof ShardstreamException known ? known.code() : ErrorCode.INTERNAL;
    WorkerMetric.TASK_FAILURES.counter(metrics, kind(task), code.name()).increment();
    LOG.warn(
        "task.failed task={} attempt={} kind={}",
        task.getTaskId(),
        task.getAttempt(),
        kind(task),
        failure);
    if (failure instanceof ShardstreamException known) {
      boolean retriable =
          known.code() == ErrorCode.STALE_TOPOLOGY
              || known.code() == ErrorCode.STALE_SCHEMA
              || known.code() == ErrorCode.SHARD_UNREACHABLE
              || known.code() == ErrorCode.FILE_ERROR
              || known.code() == ErrorCode.DISK_FULL
              || known.code() == ErrorCode.INTERNAL;
      report(task, new TaskFailed(known.code().name(), known.getMessage(), retriable));
    } else {
      report(task, new TaskFailed(ErrorCode.INTERNAL.name(), failure.toString(), true));
    }
  }
}
