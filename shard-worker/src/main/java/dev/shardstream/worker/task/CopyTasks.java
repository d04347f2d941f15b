package dev.shardstream.worker.task;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.worker.copy.CopyProgress;
import dev.shardstream.worker.copy.ShardCopier;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardRef;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies of this node, on threads of their own, one per shard at a time. Another attempt of a
 * task that runs joins it; another task for the same shard stops the one before it.
 */
final class CopyTasks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CopyTasks.class);
  private static final int MOST_WAITING = 1_024;
  private static final long REPORT_MILLIS = 500;
  private static final long STOP_SECONDS = 60;

  private final ShardRegistry shards;
  private final ShardCopier copier;
  private final TaskReporter reporter;
  private final ThreadPoolExecutor threads;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "copy-progress"));
  private final Map<ShardRef, Running> running = new HashMap<>();

  private static final class Running {
    private final CopyProgress progress = new CopyProgress();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile ShardTask task;

    Running(ShardTask task) {
      this.task = task;
    }
  }

  CopyTasks(ShardRegistry shards, ShardCopier copier, TaskReporter reporter, int threads) {
    this.shards = shards;
    this.copier = copier;
    this.reporter = reporter;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(MOST_WAITING),
            work -> daemon(work, "copy"));
    ticks.scheduleWithFixedDelay(
        this::adoptWaiting, REPORT_MILLIS, REPORT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Shards whose copy does not run follow the catalog too: a definition must not wait for it. */
  private void adoptWaiting() {
    for (HostedShard shard : shards.all()) {
      synchronized (running) {
        if (!running.containsKey(shard.ref())) {
          adopt(shard);
        }
      }
    }
  }

  private void adopt(HostedShard shard) {
    try {
      shard.whileCopying(copier::adopt);
    } catch (SQLException | RuntimeException failure) {
      // The file stays as it was, and the next round or the copy itself tries again.
      LOG.warn("schema.adopt.failed shard={}", shard.ref(), failure);
    }
  }

  /** Starts a copy, or joins the one that runs. */
  void submit(ShardTask task, CopyShard copy) {
    ShardRef ref = new ShardRef(task.getTableId(), copy.getShardId());
    HostedShard shard = shards.require(ref);
    if (!shard.isCopying()) {
      shards.find(ref).ifPresent(held -> reporter.report(task, new TaskDone(totals(held))));
      return;
    }
    if (joined(ref, task)) {
      return;
    }
    stop(ref);
    Running copying = new Running(task);
    synchronized (running) {
      running.put(ref, copying);
    }
    try {
      threads.execute(() -> run(shard, copy, copying));
    } catch (RejectedExecutionException full) {
      end(ref, copying);
      throw new ShardstreamException(ErrorCode.INTERNAL, "too many copies wait on this node")
          .causedBy(full);
    }
    reporter.report(task, new TaskStarted());
  }

  private boolean joined(ShardRef ref, ShardTask task) {
    synchronized (running) {
      Running copying = running.get(ref);
      if (copying == null || !copying.task.getTaskId().equals(task.getTaskId())) {
        return false;
      }
      copying.task = task;
      reporter.report(task, copying.progress.toEvent());
      return true;
    }
  }

  private void run(HostedShard shard, CopyShard copy, Running copying) {
    ScheduledFuture<?> tick =
        ticks.scheduleAtFixedRate(
            () -> reporter.report(copying.task, copying.progress.toEvent()),
            REPORT_MILLIS,
            REPORT_MILLIS,
            TimeUnit.MILLISECONDS);
    try {
      copy(shard, copy, copying, tick);
    } catch (Exception failure) {
      tick.cancel(false);
      reporter.failed(copying.task, failure);
    } finally {
      tick.cancel(false);
      end(shard.ref(), copying);
    }
  }

  private void copy(HostedShard shard, CopyShard copy, Running copying, ScheduledFuture<?> tick)
      throws Exception {
    Long limit = copy.getThrottleRowsPerSecond();
    boolean complete =
        copier.copy(
            new ShardCopier.Job(
                shard.file(),
                copy.getSources(),
                limit == null ? OptionalLong.empty() : OptionalLong.of(limit),
                copying.progress,
                shard.board()::publish,
                copying.stop));
    if (!complete) {
      LOG.info("copy.stopped shard={} task={}", shard.ref(), copying.task.getTaskId());
      return;
    }
    requireAll(shard);
    shards.startApplying(shard);
    tick.cancel(false);
    reporter.report(copying.task, new TaskDone(copying.progress.toEvent()));
  }

  private static void requireAll(HostedShard shard) {
    Positions held = shard.board().current();
    List<Integer> missing =
        shard.file().definition().virtualShards().stream().filter(v -> !held.holds(v)).toList();
    if (!missing.isEmpty()) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "the copy names no source for virtual shards "
              + ShardRange.format(missing)
              + " of shard "
              + shard.ref());
    }
  }

  private static TaskProgress totals(HostedShard shard) {
    Positions positions = shard.board().current();
    return new TaskProgress(positions.held().size(), positions.rows(), 0L, 0L);
  }

  private void end(ShardRef ref, Running copying) {
    synchronized (running) {
      running.remove(ref, copying);
    }
    copying.ended.complete(true);
  }

  /** Stops a shard's copy after the virtual shard in hand; no effect when there is none. */
  void stop(ShardRef ref) {
    Running copying;
    synchronized (running) {
      copying = running.get(ref);
    }
    if (copying == null) {
      return;
    }
    copying.stop.countDown();
    try {
      copying.ended.get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notStopped(ref, e);
    } catch (ExecutionException | TimeoutException e) {
      throw notStopped(ref, e);
    }
  }

  private static ShardstreamException notStopped(ShardRef ref, Exception cause) {
    return new ShardstreamException(
            ErrorCode.INTERNAL, "the copy of shard " + ref + " did not stop")
        .causedBy(cause);
  }

  /** Stops all copies after the virtual shard in hand. */
  @Override
  public void close() {
    synchronized (running) {
      running.values().forEach(copying -> copying.stop.countDown());
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("copy.close.slow waited_s={}", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ticks.shutdownNow();
  }
}
