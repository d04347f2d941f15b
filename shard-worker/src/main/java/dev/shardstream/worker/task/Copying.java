package dev.shardstream.worker.task;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.worker.copy.CopyProgress;
import dev.shardstream.worker.copy.Pace;
import dev.shardstream.worker.node.HostedShard;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * One copy that this node has taken on. What can change is written under the lock of {@link
 * CopyTasks}; its newest task, its pace and its progress may be read without it.
 */
final class Copying {
  /** Where it stands. */
  enum Stage {
    /** A thread will take it. */
    QUEUED,
    /** A thread works on it, and owns the shard's file. */
    RUNNING,
    /** It waits for its pace, and takes no thread meanwhile. */
    WAITING,
    ENDED
  }

  private final HostedShard shard;
  private final Pace pace = new Pace();
  private final CopyProgress progress = new CopyProgress();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final TraceScope scope;
  private volatile ShardTask task;
  private CopyShard copy;
  private Stage stage = Stage.QUEUED;
  private @Nullable ScheduledFuture<?> wakeUp;

  /** For whom the thread works that takes it on. */
  Copying(HostedShard shard, ShardTask task, CopyShard copy) {
    this.shard = shard;
    this.scope = TraceScope.current();
    this.task = task;
    this.copy = copy;
    setPace();
  }

  private void setPace() {
    Long limit = copy.getThrottleRowsPerSecond();
    pace.set(
        copy.getPaused(),
        limit == null ? OptionalLong.empty() : OptionalLong.of(Math.max(1, limit)));
  }

  /**
   * Whether it is about an earlier repair of the shard than this copy is, or an earlier attempt.
   */
  boolean isAheadOf(ShardTask attempt, CopyShard asked) {
    return asked.getRepair() < copy.getRepair()
        || isOf(attempt, asked) && attempt.getAttempt() < task.getAttempt();
  }

  /** Whether an attempt is about this copy: a repair is a copy of its own. */
  boolean isOf(ShardTask attempt, CopyShard asked) {
    return task.getTaskId().equals(attempt.getTaskId()) && asked.getRepair() == copy.getRepair();
  }

  /** Does as an attempt says from now on. */
  void follow(ShardTask attempt, CopyShard asked) {
    task = attempt;
    copy = asked;
    setPace();
  }

  HostedShard shard() {
    return shard;
  }

  Pace pace() {
    return pace;
  }

  CopyProgress progress() {
    return progress;
  }

  /** What every thread that works on it runs in. */
  TraceScope scope() {
    return scope;
  }

  /** Completes when it has ended and no thread works on it. */
  CompletableFuture<Boolean> ended() {
    return ended;
  }

  /** The newest attempt. */
  ShardTask task() {
    return task;
  }

  /** What the newest attempt says. */
  CopyShard copy() {
    return copy;
  }

  Stage stage() {
    return stage;
  }

  void enter(Stage next) {
    stage = next;
    if (wakeUp != null) {
      wakeUp.cancel(false);
      wakeUp = null;
    }
  }

  /**
   * @param timer wakes it when it may go on; null when only another attempt can
   */
  void waitFor(@Nullable ScheduledFuture<?> timer) {
    enter(Stage.WAITING);
    wakeUp = timer;
  }
}
