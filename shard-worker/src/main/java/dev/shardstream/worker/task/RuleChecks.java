package dev.shardstream.worker.task;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.Rule;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.worker.node.HostedShard;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.RuleCheck;
import dev.shardstream.worker.shard.ShardRef;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits until shards have passed a rule's place in the log, then looks for rows that break it.
 * Holds no thread while it waits. Another attempt of a check that goes on joins it.
 */
final class RuleChecks implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);

  /** A shard that has stopped for longer than this does not pass a rule any time soon. */
  static final Duration PASS_WAIT = Duration.ofSeconds(30);

  private static final Duration READ_WAIT = Duration.ofMinutes(1);

  private final ShardRegistry shards;
  private final TaskReporter reporter;
  private final Duration passWait;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("rule-check"));

  /**
   * One that goes on.
   *
   * @param scope what is done for it runs in it
   */
  private record Check(HostedShard shard, String taskId, CheckRule asked, TraceScope scope) {}

  /** By task id, the newest attempt of each check that goes on. */
  private final Map<String, ShardTask> attempts = new HashMap<>();

  /**
   * @param passWait how long a shard that has stopped may take to go on
   */
  RuleChecks(ShardRegistry shards, TaskReporter reporter, Duration passWait) {
    this.shards = shards;
    this.reporter = reporter;
    this.passWait = passWait;
  }

  /**
   * Starts a check, or joins the one that goes on.
   *
   * @throws ShardstreamException STALE_TOPOLOGY when the shard is not held here
   */
  void submit(ShardTask task, CheckRule check) {
    HostedShard shard = shards.require(new ShardRef(task.getTableId(), check.getShardId()));
    reporter.report(task, new TaskStarted());
    boolean starts;
    synchronized (attempts) {
      starts = attempts.put(task.getTaskId(), task) == null;
    }
    if (starts) {
      Check begun = new Check(shard, task.getTaskId(), check, TraceScope.current());
      guarded(begun, () -> await(begun));
    }
  }

  /**
   * A shard that is copied has passed nothing: what it copies next may lie before the rule. It has
   * to follow the log first.
   */
  private void await(Check check) {
    CompletableFuture<Boolean> passed =
        check.shard().isCopying()
            ? CompletableFuture.completedFuture(false)
            : passed(check.shard(), check.asked());
    passed.whenCompleteAsync(
        (reached, failure) -> check.scope().run(() -> waited(check, reached, failure)), thread);
  }

  private void waited(Check check, @Nullable Boolean reached, @Nullable Throwable failure) {
    if (failure != null) {
      fail(check.taskId(), cause(failure));
    } else if (Boolean.TRUE.equals(reached)) {
      look(check);
    } else {
      goOn(check);
    }
  }

  /** The end of a rule has to be passed however long it takes; its beginning can be given up. */
  private void goOn(Check check) {
    ShardRef ref = check.shard().ref();
    Optional<String> stopped = check.shard().failure();
    if (!isHere(check.shard())) {
      fail(check.taskId(), new ShardstreamException(ErrorCode.STALE_TOPOLOGY, ref));
    } else if (check.asked().getRule().getEnforced() && stopped.isPresent()) {
      fail(check.taskId(), new ShardstreamException(ErrorCode.SHARD_FAILED, ref, stopped.get()));
    } else {
      thread.schedule(
          () -> check.scope().run(() -> guarded(check, () -> await(check))),
          LOOK.toMillis(),
          TimeUnit.MILLISECONDS);
    }
  }

  /** One that was copied when it was dropped stays so, and there may be another one by its name. */
  private boolean isHere(HostedShard shard) {
    return shards.find(shard.ref()).filter(there -> there == shard).isPresent();
  }

  private CompletableFuture<Boolean> passed(HostedShard shard, CheckRule check) {
    List<Position> behind = new ArrayList<>();
    for (int partition = 0; partition < check.getOffsets().size(); partition++) {
      behind.add(new Position(partition, check.getOffsets().get(partition) + 1));
    }
    return shard
        .board()
        .reach(behind, passWait)
        .thenCombine(
            shard.file().schemas().reach(table -> knows(table, check.getRule()), passWait),
            (positions, schema) -> positions && schema);
  }

  /** The end of a rule asks nothing of the table. */
  private static boolean knows(Table table, Rule rule) {
    return !rule.getEnforced()
        || rule.getColumns().stream().allMatch(id -> id < table.getNextColumnId());
  }

  private void look(Check check) {
    Rule rule = check.asked().getRule();
    guarded(
        check,
        () -> {
          Optional<String> broken =
              rule.getEnforced() ? find(check.shard(), rule) : Optional.empty();
          if (broken.isPresent()) {
            fail(check.taskId(), error(check.shard(), rule, broken.get()));
          } else {
            end(check.taskId()).ifPresent(task -> reporter.report(task, new TaskDone(null)));
          }
        });
  }

  private static Optional<String> find(HostedShard shard, Rule rule) throws SQLException {
    return shard
        .readers()
        .read(READ_WAIT, reader -> RuleCheck.find(reader, shard.file().shape(), rule));
  }

  private static ShardstreamException error(HostedShard shard, Rule rule, String broken) {
    String table = shard.file().definition().table().getName();
    ErrorCode code =
        switch (rule.getKind()) {
          case NOT_NULL -> ErrorCode.NULLS_PRESENT;
          case UNIQUE -> ErrorCode.DUPLICATES_PRESENT;
        };
    return new ShardstreamException(code, rule.getName(), table, broken);
  }

  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  /** What goes wrong is the answer. */
  private void guarded(Check check, Step step) {
    try {
      step.run();
    } catch (SQLException | RuntimeException failure) {
      fail(check.taskId(), failure);
    }
  }

  private void fail(String taskId, Exception failure) {
    end(taskId).ifPresent(task -> reporter.failed(task, failure));
  }

  private Optional<ShardTask> end(String taskId) {
    synchronized (attempts) {
      return Optional.ofNullable(attempts.remove(taskId));
    }
  }

  private static Exception cause(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof Exception exception ? exception : new IllegalStateException(cause);
  }

  /** Ends; checks that go on are asked for again. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
