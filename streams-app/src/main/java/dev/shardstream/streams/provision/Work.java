package dev.shardstream.streams.provision;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.TableId;
import dev.shardstream.schemas.event.CreateLog;
import dev.shardstream.schemas.event.DeleteLog;
import dev.shardstream.schemas.event.Fence;
import dev.shardstream.schemas.event.FencesWritten;
import dev.shardstream.schemas.event.LogCreated;
import dev.shardstream.schemas.event.LogDeleted;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.RegisterSchema;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleWritten;
import dev.shardstream.schemas.event.SchemaRegistered;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.WriteFences;
import dev.shardstream.schemas.event.WriteRule;
import dev.shardstream.schemas.kafka.TopicAdmin;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one task and says what came of it. */
final class Work {
  private static final Logger LOG = LoggerFactory.getLogger(Work.class);

  private final Logs logs;
  private final ControlRecordWriter records;

  Work(Logs logs, ControlRecordWriter records) {
    this.logs = logs;
    this.records = records;
  }

  /**
   * Does a task. A failure is an answer too: the coordinator issues the task again, so that one
   * that cannot be done does not hold up the others. A registration that fails is not repeated: the
   * registry was given its time, and whoever waits for the command is to know. Nor is the creation
   * of a log that Kafka refuses for good.
   *
   * @param claim what makes sure that no control record is written for a task that another process
   *     has taken over
   */
  SpecificRecordBase done(ProvisionTask task, ControlRecordWriter.Claim claim)
      throws InterruptedException {
    try {
      return attempt(task, claim);
    } catch (ShardstreamException e) {
      boolean retriable = isRetriable(task.getTask(), e);
      LOG.warn("provision.failed task={} retriable={}", task.getTaskId(), retriable, e);
      return new TaskFailed(e.code().name(), e.getMessage(), retriable);
    } catch (KafkaException e) {
      LOG.warn("provision.failed task={} retriable=true", task.getTaskId(), e);
      return new TaskFailed(ErrorCode.WRITE_FAILED.name(), String.valueOf(e.getMessage()), true);
    }
  }

  private static boolean isRetriable(Object work, ShardstreamException failure) {
    if (work instanceof RegisterSchema) {
      return false;
    } else if (work instanceof DeleteLog) {
      // A drop that was accepted cannot be taken back: the log goes as soon as it may.
      return true;
    }
    boolean isRefused = work instanceof CreateLog && TopicAdmin.isRefusal(failure);
    return !isRefused && failure.code() != ErrorCode.INVALID_ARGUMENT;
  }

  private SpecificRecordBase attempt(ProvisionTask task, ControlRecordWriter.Claim claim)
      throws InterruptedException {
    TableId table = new TableId(task.getTableId());
    Object work = task.getTask();
    if (work instanceof CreateLog create) {
      return new LogCreated(logs.create(create.getTable()));
    } else if (work instanceof DeleteLog) {
      logs.delete(table);
      return new LogDeleted();
    } else if (work instanceof WriteFences write) {
      Fence fence =
          new Fence(
              write.getFenceId(),
              task.getTableId(),
              write.getChangeLogId(),
              write.getSchemaVersion());
      return new FencesWritten(
          write.getFenceId(), records.write(table, fence, write.getPartitions(), claim));
    } else if (work instanceof RegisterSchema register) {
      return new SchemaRegistered(logs.register(register.getTable()));
    } else if (work instanceof WriteRule write) {
      Rule rule = write.getRule();
      return new RuleWritten(
          rule.getRuleId(),
          rule.getEnforced(),
          records.write(table, rule, write.getPartitions(), claim));
    }
    return new TaskFailed(
        ErrorCode.UNSUPPORTED.name(), "This provisioner does not know " + work.getClass(), false);
  }
}
