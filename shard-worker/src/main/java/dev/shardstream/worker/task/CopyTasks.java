package dev.shardstream.worker.task;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.worker.copy.Pace;
import dev.shardstream.worker.copy.ShardCopier;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardRef;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies of this node, on threads of their own, one per shard at a time. Another attempt of a
 * task that was taken on steers its copy; another task for the same shard stops the one before it.
 * A copy that waits for its pace leaves its thread to others.
 */
final class CopyTasks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CopyTasks.class);
  private static final int MOST = 1_024;
  private static final long REPORT_MILLIS = 500;
  private static final long STOP_SECONDS = 60;

  /** An index may begin just after it was asked to stop, so it is asked again as often as this. */
  private static final long ASK_MILLIS = 200;

  /** Nothing happens to a copy that no thread works on, so every so many reports will do. */
  private static final int REST = 4;

  private final ShardRegistry shards;
  private final ShardCopier copier;
  private final TaskReporter reporter;
  private final CopyRuns runs;
  private final ExecutorService threads;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("copy-progress"));
  private final Map<ShardRef, Copying> copies = new HashMap<>();
  private int round;

  CopyTasks(
      ShardRegistry shards,
      ShardCopier copier,
      TaskReporter reporter,
      int threads,
      MeterRegistry metrics) {
    this.shards = shards;
    this.copier = copier;
    this.reporter = reporter;
    this.runs = new CopyRuns(shards, copier, new CopyMetrics(metrics, this::paces));
    // What waits for a thread is bounded by the number of copies.
    this.threads = Executors.newFixedThreadPool(threads, DaemonThreads.named("copy"));
    ticks.scheduleWithFixedDelay(this::tick, REPORT_MILLIS, REPORT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private List<Pace> paces() {
    synchronized (copies) {
      return copies.values().stream().map(Copying::pace).toList();
    }
  }

  /** Lets shards follow the catalog that no thread works on, and reports how far copies are. */
  private void tick() {
    round++;
    List<Copying> due = new ArrayList<>();
    for (HostedShard shard : shards.all()) {
      synchronized (copies) {
        Copying copying = copies.get(shard.ref());
        boolean isWorkedOn = copying != null && copying.stage() == Copying.Stage.RUNNING;
        if (!isWorkedOn) {
          adopt(shard);
        }
        if (copying != null && (isWorkedOn || round % REST == 0)) {
          due.add(copying);
        }
      }
    }
    due.forEach(
        copying ->
            copying
                .scope()
                .run(() -> reporter.report(copying.task(), copying.progress().toEvent())));
  }

  private void adopt(HostedShard shard) {
    try {
      shard.whileCopying(copier::adopt);
    } catch (SQLException | RuntimeException failure) {
      // The file stays as it was, and the next round or the copy itself tries again.
      LOG.warn("schema.adopt.failed shard={}", shard.ref(), failure);
    }
  }

  /** Starts a copy, or steers the one that was taken on. To be called by one thread. */
  void submit(ShardTask task, CopyShard copy) {
    ShardRef ref = new ShardRef(task.getTableId(), copy.getShardId());
    HostedShard shard = shards.require(ref);
    if (steered(ref, task, copy)) {
      return;
    }
    if (!shard.isCopying() && copy.getRepair() <= shard.file().repair()) {
      reporter.report(task, new TaskDone(totals(shard)));
      return;
    }
    stop(ref);
    requirePlace();
    // A thread may be quick, and what it reports is to come behind this.
    reporter.report(task, new TaskStarted());
    Copying copying = new Copying(shard, task, copy);
    synchronized (copies) {
      copies.put(ref, copying);
      enqueue(copying);
    }
  }

  /** Who submits is one thread, so the place stays free for it. */
  private void requirePlace() {
    synchronized (copies) {
      if (copies.size() >= MOST) {
        throw new ShardstreamException(ErrorCode.INTERNAL, "too many copies wait on this node");
      }
    }
  }

  /** An attempt that comes late, behind its successor, is neither obeyed nor answered. */
  private boolean steered(ShardRef ref, ShardTask task, CopyShard copy) {
    Copying copying;
    synchronized (copies) {
      copying = copies.get(ref);
      if (copying == null) {
        return false;
      }
      if (copying.isAheadOf(task, copy)) {
        LOG.info("copy.outdated task={} attempt={}", task.getTaskId(), task.getAttempt());
        return true;
      }
      if (!copying.isOf(task, copy)) {
        return false;
      }
      copying.follow(task, copy);
      if (copying.stage() == Copying.Stage.WAITING) {
        hold(copying);
      }
    }
    reporter.report(task, copying.progress().toEvent());
    return true;
  }

  /** Lets it wait as long as its pace wants; to be called with the lock. */
  private void hold(Copying copying) {
    OptionalLong wait = copying.pace().waitNanos();
    if (wait.isEmpty()) {
      copying.waitFor(null);
    } else if (wait.getAsLong() > 0) {
      copying.waitFor(ticks.schedule(() -> wake(copying), wait.getAsLong(), TimeUnit.NANOSECONDS));
    } else {
      copying.enter(Copying.Stage.QUEUED);
      enqueue(copying);
    }
  }

  private void enqueue(Copying copying) {
    threads.execute(() -> copying.scope().run(() -> run(copying)));
  }

  private void wake(Copying copying) {
    synchronized (copies) {
      if (copying.stage() == Copying.Stage.WAITING) {
        hold(copying);
      }
    }
  }

  private void run(Copying copying) {
    CopyShard copy;
    synchronized (copies) {
      if (copying.stage() != Copying.Stage.QUEUED) {
        return;
      }
      copying.enter(Copying.Stage.RUNNING);
      copy = copying.copy();
    }
    Optional<Exception> failure = Optional.empty();
    ShardCopier.Outcome outcome = ShardCopier.Outcome.STOPPED;
    try {
      outcome = runs.run(copying, copy);
    } catch (Exception failed) {
      failure = Optional.of(failed);
    }
    if (outcome == ShardCopier.Outcome.HELD_UP && held(copying)) {
      return;
    }
    synchronized (copies) {
      end(copying);
    }
    if (outcome == ShardCopier.Outcome.COMPLETE) {
      reporter.report(copying.task(), new TaskDone(copying.progress().toEvent()));
    }
    failure.ifPresent(failed -> reporter.failed(copying.task(), failed));
  }

  private boolean held(Copying copying) {
    synchronized (copies) {
      if (copying.pace().isStopped()) {
        return false;
      }
      hold(copying);
      return true;
    }
  }

  private static TaskProgress totals(HostedShard shard) {
    Positions positions = shard.board().current();
    return new TaskProgress(positions.virtualShards().size(), positions.rows(), 0L, 0L);
  }

  /** To be called with the lock, by the thread that works on it, or when none does. */
  private void end(Copying copying) {
    copying.enter(Copying.Stage.ENDED);
    copies.remove(copying.shard().ref(), copying);
    copying.ended().complete(true);
  }

  /**
   * Stops a shard's copy after the virtual shard in hand, or in the middle of the index in hand; no
   * effect when there is none.
   */
  void stop(ShardRef ref) {
    Copying copying;
    synchronized (copies) {
      copying = copies.get(ref);
      if (copying == null) {
        return;
      }
      stop(copying);
    }
    try {
      awaitEnd(copying, System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notStopped(ref, e);
    } catch (ExecutionException | TimeoutException e) {
      throw notStopped(ref, e);
    }
  }

  /**
   * @param deadline of {@link System#nanoTime()}
   */
  private static void awaitEnd(Copying copying, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    while (true) {
      copying.shard().file().stopBuilding();
      try {
        copying.ended().get(ASK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException late) {
        if (System.nanoTime() - deadline >= 0) {
          throw late;
        }
      }
    }
  }

  private void stop(Copying copying) {
    copying.pace().stop();
    if (copying.stage() != Copying.Stage.RUNNING) {
      end(copying);
    }
    LOG.info("copy.stopped shard={}", copying.shard().ref());
  }

  private static ShardstreamException notStopped(ShardRef ref, Exception cause) {
    return new ShardstreamException(
            ErrorCode.INTERNAL, "the copy of shard " + ref + " did not stop")
        .causedBy(cause);
  }

  /** Stops all copies after the virtual shard, or in the middle of the index, in hand. */
  @Override
  public void close() {
    List<Copying> stopped;
    synchronized (copies) {
      stopped = List.copyOf(copies.values());
      stopped.forEach(this::stop);
      threads.shutdown();
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
    try {
      for (Copying copying : stopped) {
        awaitEnd(copying, deadline);
      }
      // What a copy reports comes after its end.
      if (!threads.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        LOG.warn("copy.close.slow waited_s={}", STOP_SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("copy.close.slow waited_s={}", STOP_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ticks.shutdownNow();
  }
}
