package dev.shardstream.worker.task;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.worker.node.NodeIdentity;
import java.time.Clock;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the answers to tasks. One that is lost costs time, not correctness: the coordinator issues
 * a silent task again.
 */
public final class TaskReporter {
  private static final Logger LOG = LoggerFactory.getLogger(TaskReporter.class);

  private final NodeIdentity identity;
  private final Producer<String, TaskEvent> producer;
  private final String topic;
  private final Clock clock;

  /**
   * @param producer stays the caller's
   */
  public TaskReporter(
      NodeIdentity identity, Producer<String, TaskEvent> producer, String topic, Clock clock) {
    this.identity = identity;
    this.producer = producer;
    this.topic = topic;
    this.clock = clock;
  }

  /**
   * Sends an event without waiting for Kafka.
   *
   * @param event one of the records that a TaskEvent can carry
   */
  public void report(ShardTask task, Object event) {
    TaskEvent answer =
        new TaskEvent(
            task.getTaskId(),
            task.getAttempt(),
            identity.nodeId(),
            identity.incarnation(),
            task.getDatabase(),
            task.getTableId(),
            clock.millis(),
            event);
    try {
      producer.send(
          new ProducerRecord<>(topic, task.getDatabase(), answer),
          (sent, failure) -> {
            if (failure != null) {
              LOG.warn("task.report.failed task={}", task.getTaskId(), failure);
            }
          });
    } catch (RuntimeException failure) {
      LOG.warn("task.report.failed task={}", task.getTaskId(), failure);
    }
  }

  /** Reports a failure; retriable is what another attempt may mend. */
  public void failed(ShardTask task, Exception failure) {
    LOG.warn(
        "task.failed task={} attempt={} kind={}",
        task.getTaskId(),
        task.getAttempt(),
        task.getTask().getClass().getSimpleName(),
        failure);
    if (failure instanceof ShardstreamException known) {
      boolean retriable =
          known.code() == ErrorCode.STALE_TOPOLOGY
              || known.code() == ErrorCode.SHARD_UNREACHABLE
              || known.code() == ErrorCode.FILE_ERROR
              || known.code() == ErrorCode.INTERNAL;
      report(task, new TaskFailed(known.code().name(), known.getMessage(), retriable));
    } else {
      report(task, new TaskFailed(ErrorCode.INTERNAL.name(), failure.toString(), true));
    }
  }
}
