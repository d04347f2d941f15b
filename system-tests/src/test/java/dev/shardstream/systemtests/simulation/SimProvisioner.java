package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.CreateLog;
import dev.shardstream.schemas.event.Fence;
import dev.shardstream.schemas.event.FencesWritten;
import dev.shardstream.schemas.event.LogCreated;
import dev.shardstream.schemas.event.ProvisionTask;
import dev.shardstream.schemas.event.RegisterSchema;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.RuleWritten;
import dev.shardstream.schemas.event.SchemaRegistered;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.WriteFences;
import dev.shardstream.schemas.event.WriteRule;
import dev.shardstream.schemas.row.RowSchema;
import dev.shardstream.schemas.serde.WireFormat;
import dev.shardstream.streams.task.Tasks;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

/** Makes logs, registers schemas, writes fences and rules; a transaction of it may be aborted. */
final class SimProvisioner {
  private final World world;
  private final Deque<ProvisionTask> queue = new ArrayDeque<>();

  SimProvisioner(World world) {
    this.world = world;
  }

  void issue(ProvisionTask task) {
    queue.add(task);
  }

  boolean isIdle() {
    return queue.isEmpty();
  }

  void work() {
    ProvisionTask task = queue.peek();
    if (task == null) {
      return;
    }
    if (world.isWild() && world.dice().oneIn(12)) {
      breakDown(task);
      return;
    }
    queue.poll();
    Object result = perform(task);
    if (!(world.isWild() && world.dice().oneIn(20))) {
      report(task, result);
    }
  }

  /** What it had begun to write is aborted, and leaves a gap in each partition that it reached. */
  private void breakDown(ProvisionTask task) {
    SimLog log = world.log(task.getTableId());
    if (log != null && !(task.getTask() instanceof RegisterSchema)) {
      for (int i = world.dice().below(log.partitions() + 1) - 1; i >= 0; i--) {
        log.skip(i, 2);
      }
    }
  }

  private Object perform(ProvisionTask task) {
    Object work = task.getTask();
    if (work instanceof CreateLog create) {
      world.createLog(create.getTable());
      return new LogCreated(world.registry().register("", RowSchema.of(create.getTable())));
    } else if (work instanceof RegisterSchema register) {
      return world.isWild() && world.dice().oneIn(15)
          ? new TaskFailed(ErrorCode.INVALID_ARGUMENT.name(), "refused", false)
          : new SchemaRegistered(world.registry().register("", RowSchema.of(register.getTable())));
    } else if (work instanceof WriteFences write) {
      Fence fence =
          new Fence(
              write.getFenceId(),
              task.getTableId(),
              write.getChangeLogId(),
              write.getSchemaVersion());
      return new FencesWritten(write.getFenceId(), write(task.getTableId(), fence));
    } else if (work instanceof WriteRule write) {
      Rule rule = write.getRule();
      List<Long> offsets = write(task.getTableId(), rule);
      for (int partition = 0; partition < offsets.size(); partition++) {
        world
            .model(task.getTableId())
            .ruled(partition, rule.getColumns().get(0), rule.getInitialNull(), rule.getEnforced());
      }
      return new RuleWritten(rule.getRuleId(), rule.getEnforced(), offsets);
    }
    throw new IllegalStateException("No such task: " + work);
  }

  private List<Long> write(String tableId, SpecificRecordBase control) {
    int schemaId = world.registry().register("", control.getSchema());
    byte[] value =
        WireFormat.encode(schemaId, control, new SpecificDatumWriter<>(control.getSchema()));
    return Objects.requireNonNull(world.log(tableId))
        .transact(value, world.now(), world.dice())
        .stream()
        .map(SimLog.Place::offset)
        .toList();
  }

  private void report(ProvisionTask task, Object result) {
    world
        .events()
        .send(
            Tasks.PROVISIONER,
            new TaskEvent(
                task.getTaskId(),
                task.getAttempt(),
                Tasks.PROVISIONER,
                "p-1",
                task.getDatabase(),
                task.getTableId(),
                world.now(),
                result));
  }
}
