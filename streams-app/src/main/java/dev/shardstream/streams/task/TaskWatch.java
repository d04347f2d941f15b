package dev.shardstream.streams.task;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at open tasks as time passes: which to issue again, which to give up. */
public final class TaskWatch {
  private static final long FIRST_BACKOFF = 500;
  private static final int MOST_DOUBLINGS = 10;
  private static final int REGISTRATION_PATIENCE = 6;

  private TaskWatch() {}

  /** Issues again what failed, what was silent too long and what a restarted node has forgotten. */
  public static void look(Turn turn) {
    for (OpenTask task : List.copyOf(turn.state().tasks())) {
      if (task.getStatus() == TaskStatus.DONE || task.getStatus() == TaskStatus.FAILED) {
        continue;
      }
      if (task.getKind() == TaskKind.DROP_SHARD && isOfLostNode(turn, task)) {
        giveUp(turn, task, ErrorCode.NODE_LOST, nodeLost(turn, task));
      } else if (isDue(turn, task)) {
        again(turn, task);
      }
    }
  }

  private static boolean isDue(Turn turn, OpenTask task) {
    if (task.getRetryAt() != null) {
      return turn.now() >= task.getRetryAt();
    }
    if (hasRestarted(task, turn.cluster().incarnation(task.getNodeId()))) {
      return true;
    }
    boolean isArmed =
        task.getKind() == TaskKind.VERIFY_SHARD && task.getStatus() == TaskStatus.STARTED;
    return !isArmed
        && turn.now() - Math.max(task.getIssuedAt(), task.getHeardAt()) >= patience(turn, task);
  }

  /**
   * The queue of tasks is durable, so an answer that is late was mostly not forgotten. A second
   * registration would be done after the first one's failure has decided on the command: it is
   * asked for when the registry's own patience must be over.
   */
  private static long patience(Turn turn, OpenTask task) {
    long usual = turn.limits().taskTimeout();
    return task.getKind() == TaskKind.REGISTER_SCHEMA ? REGISTRATION_PATIENCE * usual : usual;
  }

  private static boolean hasRestarted(OpenTask task, @Nullable String incarnation) {
    return incarnation != null
        && task.getIncarnation() != null
        && !incarnation.equals(task.getIncarnation());
  }

  private static void again(Turn turn, OpenTask task) {
    int failures = task.getFailures() + (isOneMoreFailure(turn, task) ? 1 : 0);
    if (failures >= turn.limits().taskAttempts() && !isNeverGivenUp(task)) {
      String last = task.getErrorMessage() == null ? "no answer" : task.getErrorMessage();
      giveUp(
          turn,
          task,
          ErrorCode.TASK_FAILED,
          ErrorCode.TASK_FAILED.text(task.getTaskId(), task.getAttempt(), last));
    } else {
      Tasks.issue(turn, OpenTask.newBuilder(task).setFailures(failures).build());
    }
  }

  /**
   * A reported failure was counted when it came. A task that was taken on and then went silent on a
   * node that still runs may wait there for its turn: asking again is right, giving up is not.
   */
  private static boolean isOneMoreFailure(Turn turn, OpenTask task) {
    boolean wasTakenOn =
        task.getStatus() == TaskStatus.STARTED || task.getHeardAt() > task.getIssuedAt();
    return task.getRetryAt() == null
        && (!wasTakenOn || hasRestarted(task, turn.cluster().incarnation(task.getNodeId())));
  }

  private static void giveUp(Turn turn, OpenTask task, ErrorCode code, String message) {
    turn.emit(
        new Decision.TaskStored(
            OpenTask.newBuilder(task)
                .setStatus(TaskStatus.FAILED)
                .setRetryAt(null)
                .setErrorCode(code.name())
                .setErrorMessage(message)
                .build()));
  }

  private static boolean isOfLostNode(Turn turn, OpenTask task) {
    return task.getNodeId() != null && turn.cluster().isLost(task.getNodeId(), turn.limits());
  }

  private static String nodeLost(Turn turn, OpenTask task) {
    return ErrorCode.NODE_LOST.text(
        task.getNodeId(), turn.cluster().silentMillis(String.valueOf(task.getNodeId())) / 1000);
  }

  /**
   * Logs are created and deleted for as long as it takes, at a bounded rate, unless the provisioner
   * says that it was refused: giving up would leave a topic that nobody owns. A fence's patience is
   * its verify's. A rule that ends must end in every shard.
   */
  static boolean isNeverGivenUp(OpenTask task) {
    return task.getNodeId() == null || isOnlyPassed(task);
  }

  /** The end of a rule has no other outcome than that every shard passes it. */
  static boolean isOnlyPassed(OpenTask task) {
    return task.getKind() == TaskKind.CHECK_RULE && !task.getEnforced();
  }

  /** Doubles from half a second; never longer than the patience with a silent task. */
  static long backoff(int failures, Limits limits) {
    return Math.min(limits.taskTimeout(), FIRST_BACKOFF << Math.min(failures - 1, MOST_DOUBLINGS));
  }
}
