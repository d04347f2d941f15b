package dev.shardstream.streams.task;

import dev.shardstream.schemas.event.FencesWritten;
import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.schemas.event.LogCreated;
import dev.shardstream.schemas.event.LogDeleted;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.RuleWritten;
import dev.shardstream.schemas.event.SchemaReached;
import dev.shardstream.schemas.event.SchemaRegistered;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.TaskFailed;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens tasks and follows them until their outcome is used. */
public final class Tasks {
  /** Name under which the provisioner reports. */
  public static final String PROVISIONER = "provisioner";

  private Tasks() {}

  /** Issues a task for the provisioner, unless it is open already. */
  public static void openForProvisioner(
      Turn turn, TaskKind kind, String taskId, String tableId, @Nullable String changeLogId) {
    open(turn, blank(turn, kind, taskId, tableId).setChangeLogId(changeLogId).build());
  }

  /** Issues a task for the node of a shard, unless it is open already. */
  public static void openForShard(
      Turn turn,
      TaskKind kind,
      String taskId,
      String tableId,
      Shard shard,
      @Nullable String changeLogId) {
    open(
        turn,
        blank(turn, kind, taskId, tableId)
            .setShardId(shard.getId())
            .setNodeId(shard.getNodeId())
            .setChangeLogId(changeLogId)
            .build());
  }

  /** Has the row schema of the version that a command leads to registered. */
  public static void openRegistration(Turn turn, CommandProgress command) {
    String tableId = tableId(command);
    open(
        turn,
        blank(
                turn,
                TaskKind.REGISTER_SCHEMA,
                TaskIds.registerSchema(tableId, command.getSequence()),
                tableId)
            .setCommandId(command.getCommandId())
            .build());
  }

  /** Has a rule written into every partition of a log. */
  public static void openRule(Turn turn, CommandProgress command, String ruleId, boolean enforced) {
    String tableId = tableId(command);
    open(
        turn,
        blank(
                turn,
                TaskKind.WRITE_RULE,
                TaskIds.writeRule(tableId, command.getSequence(), ruleId, enforced),
                tableId)
            .setCommandId(command.getCommandId())
            .setRuleId(ruleId)
            .setEnforced(enforced)
            .build());
  }

  /** Has a shard pass a rule that was written, and look for rows that break it. */
  public static void openCheck(Turn turn, OpenTask written, Shard shard) {
    open(
        turn,
        blank(
                turn,
                TaskKind.CHECK_RULE,
                TaskIds.checkRule(written.getTaskId(), shard.getId()),
                written.getTableId())
            .setCommandId(written.getCommandId())
            .setRuleId(written.getRuleId())
            .setEnforced(written.getEnforced())
            .setOffsets(written.getOffsets())
            .setShardId(shard.getId())
            .setNodeId(shard.getNodeId())
            .build());
  }

  private static String tableId(CommandProgress command) {
    return Objects.requireNonNull(command.getTableId(), command.getCommandId());
  }

  private static OpenTask.Builder blank(Turn turn, TaskKind kind, String taskId, String tableId) {
    return OpenTask.newBuilder()
        .setTaskId(taskId)
        .setKind(kind)
        .setTableId(tableId)
        .setAttempt(0)
        .setFailures(0)
        .setStatus(TaskStatus.ISSUED)
        .setIssuedAt(turn.now())
        .setHeardAt(turn.now())
        .setVirtualShardsCopied(0)
        .setRowsCopied(0)
        .setRowsCopiedLocally(0)
        .setCopyMillis(0);
  }

  private static void open(Turn turn, OpenTask task) {
    if (turn.state().task(task.getTaskId()).isEmpty()) {
      issue(turn, task);
    }
  }

  /** Issues the next attempt of a task. */
  static void issue(Turn turn, OpenTask task) {
    OpenTask.Builder next = OpenTask.newBuilder(task);
    if (task.getKind() == TaskKind.COPY_SHARD) {
      pace(turn, task).give(next);
    }
    OpenTask issued =
        next.setAttempt(task.getAttempt() + 1)
            .setStatus(TaskStatus.ISSUED)
            .setIssuedAt(turn.now())
            .setRetryAt(null)
            .setIncarnation(turn.cluster().incarnation(task.getNodeId()))
            .build();
    turn.emit(new Decision.TaskStored(issued));
    turn.emit(TaskContents.of(turn, issued));
  }

  private static CopyPace pace(Turn turn, OpenTask copy) {
    return CopyPace.of(
        turn, turn.state().reshard(String.valueOf(copy.getChangeLogId())).orElseThrow());
  }

  /** Issues the copies of a reshard again that have another pace than they ought to have. */
  public static void adjustPace(Turn turn, Reshard reshard) {
    CopyPace wanted = CopyPace.of(turn, reshard);
    for (OpenTask task : turn.state().tasks(reshard.getTableId(), TaskKind.COPY_SHARD)) {
      if (reshard.getChangeLogId().equals(task.getChangeLogId())
          && !isOver(task)
          && CopyPace.given(task).isOutdatedBy(wanted)) {
        issue(turn, task);
      }
    }
  }

  /** Takes in what a node or the provisioner reports; reports of unknown tasks have no effect. */
  public static void absorb(Turn turn, TaskEvent event) {
    if (event.getEvent() instanceof SchemaReached reached) {
      ShardVersions.absorb(turn, event, reached);
      return;
    }
    OpenTask task = turn.state().task(event.getTaskId()).orElse(null);
    if (task == null || !event.getReportedBy().equals(reporter(task)) || isOver(task)) {
      return;
    }
    Object what = event.getEvent();
    OpenTask.Builder heard = OpenTask.newBuilder(task).setHeardAt(turn.now());
    if (what instanceof TaskStarted) {
      if (isOfCurrentProcess(task, event)) {
        turn.emit(new Decision.TaskStored(heard.setStatus(TaskStatus.STARTED).build()));
      }
    } else if (what instanceof TaskProgress progress) {
      turn.emit(new Decision.TaskStored(withProgress(heard, task, progress).build()));
    } else if (what instanceof TaskDone done && task.getKind() != TaskKind.SAMPLE_KEYS) {
      if (task.getKind() == TaskKind.CREATE_SHARD && !isOfCurrentProcess(task, event)) {
        return;
      }
      if (done.getProgress() != null) {
        withProgress(heard, task, done.getProgress());
      }
      turn.emit(new Decision.TaskStored(done(heard)));
    } else if (what instanceof LogCreated
        || what instanceof LogDeleted
        || what instanceof FencesWritten
        || what instanceof KeySample
        || what instanceof SchemaRegistered) {
      turn.emit(new Decision.TaskStored(done(heard)));
    } else if (what instanceof RuleWritten written) {
      turn.emit(new Decision.TaskStored(done(heard.setOffsets(written.getOffsets()))));
    } else if (what instanceof TaskFailed failed && isOfAttempt(task, event)) {
      turn.emit(new Decision.TaskStored(failed(turn, heard, task, failed)));
    }
  }

  private static String reporter(OpenTask task) {
    return task.getNodeId() == null ? PROVISIONER : task.getNodeId();
  }

  private static boolean isOver(OpenTask task) {
    return task.getStatus() == TaskStatus.DONE || task.getStatus() == TaskStatus.FAILED;
  }

  /**
   * A node that has started again has forgotten what it took on before, and may have lost the disk
   * on which it made a shard.
   */
  private static boolean isOfCurrentProcess(OpenTask task, TaskEvent event) {
    return task.getIncarnation() == null || task.getIncarnation().equals(event.getIncarnation());
  }

  /** A registration is not tried twice: any attempt's failure is the answer. */
  private static boolean isOfAttempt(OpenTask task, TaskEvent event) {
    return event.getAttempt() == task.getAttempt() || task.getKind() == TaskKind.REGISTER_SCHEMA;
  }

  private static OpenTask done(OpenTask.Builder task) {
    return task.setStatus(TaskStatus.DONE).setRetryAt(null).build();
  }

  private static OpenTask.Builder withProgress(
      OpenTask.Builder heard, OpenTask task, TaskProgress progress) {
    boolean moved =
        progress.getVirtualShardsCopied() > task.getVirtualShardsCopied()
            || progress.getRowsCopied() > task.getRowsCopied();
    return heard
        .setFailures(moved ? 0 : task.getFailures())
        .setVirtualShardsCopied(
            Math.max(task.getVirtualShardsCopied(), progress.getVirtualShardsCopied()))
        .setRowsCopied(Math.max(task.getRowsCopied(), progress.getRowsCopied()))
        .setRowsCopiedLocally(
            Math.max(task.getRowsCopiedLocally(), progress.getRowsCopiedLocally()))
        .setCopyMillis(Math.max(task.getCopyMillis(), progress.getCopyMillis()));
  }

  private static OpenTask failed(
      Turn turn, OpenTask.Builder heard, OpenTask task, TaskFailed failed) {
    int failures = task.getFailures() + 1;
    heard.setFailures(failures).setErrorCode(failed.getCode()).setErrorMessage(failed.getMessage());
    boolean again =
        TaskWatch.isOnlyPassed(task)
            || failed.getRetriable()
                && (TaskWatch.isNeverGivenUp(task) || failures < turn.limits().taskAttempts());
    return again
        ? heard.setRetryAt(turn.now() + TaskWatch.backoff(failures, turn.limits())).build()
        : heard.setStatus(TaskStatus.FAILED).build();
  }

  /**
   * The open task that a node reports about; empty when there is none of that kind, or it was
   * another node's or another shard's.
   */
  public static Optional<OpenTask> reported(
      Turn turn, TaskEvent event, TaskKind kind, int shardId) {
    return turn.state()
        .task(event.getTaskId())
        .filter(task -> task.getKind() == kind)
        .filter(task -> event.getReportedBy().equals(task.getNodeId()))
        .filter(task -> Objects.equals(shardId, task.getShardId()));
  }

  /**
   * What a command waits for while a task of it is under way; with the reason once an attempt has
   * failed, as that may be something that only an operator can mend.
   */
  public static String underWay(String what, OpenTask task) {
    String failure = task.getErrorMessage();
    return failure == null ? what : what + "; the last try failed: " + failure;
  }

  /** Whether every one of some tasks was done. */
  public static boolean allDone(Collection<OpenTask> tasks) {
    return tasks.stream().allMatch(t -> t.getStatus() == TaskStatus.DONE);
  }

  /** Whether every one of some tasks is over, done or given up. */
  public static boolean allOver(Collection<OpenTask> tasks) {
    return tasks.stream().allMatch(Tasks::isOver);
  }

  /** Forgets tasks: their outcome was used or does not matter any more. */
  public static void close(Turn turn, List<OpenTask> tasks) {
    for (OpenTask task : tasks) {
      turn.emit(new Decision.TaskGone(task.getTaskId()));
      if (task.getKind() == TaskKind.DROP_SHARD) {
        ShardVersions.forget(turn, task.getTableId(), task.getShardId());
      }
    }
  }
}
