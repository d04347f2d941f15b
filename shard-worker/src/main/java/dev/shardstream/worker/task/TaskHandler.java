package dev.shardstream.worker.task;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CheckRule;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.CreateShard;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.SampleKeys;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.TaskDone;
import dev.shardstream.schemas.event.TaskProgress;
import dev.shardstream.schemas.event.TaskStarted;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.schemas.trace.LogField;
import dev.shardstream.schemas.trace.TraceScope;
import dev.shardstream.worker.copy.ShardCopier;
import dev.shardstream.worker.metrics.WorkerMetric;
import dev.shardstream.worker.node.ShardRegistry;
import dev.shardstream.worker.shard.ShardDefinition;
import dev.shardstream.worker.shard.ShardRef;
import dev.shardstream.worker.verify.ArmedFence;
import dev.shardstream.worker.verify.Verifier;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one task and answers it. Called by the task loop's thread; a copy, the check of a rule and a
 * sample of keys go on behind it.
 */
public final class TaskHandler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskHandler.class);

  private final ShardRegistry shards;
  private final Verifier verifier;
  private final TaskReporter reporter;
  private final CopyTasks copies;
  private final RuleChecks checks;
  private final KeySamples samples;
  private final MeterRegistry metrics;

  /**
   * @param copyThreads shards that are copied at the same time
   */
  public TaskHandler(
      ShardRegistry shards,
      ShardCopier copier,
      Verifier verifier,
      TaskReporter reporter,
      int copyThreads,
      MeterRegistry metrics) {
    this.shards = shards;
    this.verifier = verifier;
    this.reporter = reporter;
    this.metrics = metrics;
    this.copies = new CopyTasks(shards, copier, reporter, copyThreads, metrics);
    this.checks = new RuleChecks(shards, reporter, RuleChecks.PASS_WAIT);
    this.samples = new KeySamples(shards, reporter);
  }

  /** Takes a task on, for whom the thread works; what goes wrong is its answer. */
  public void handle(ShardTask task) {
    TraceScope.current()
        .with(LogField.SHARD, shard(task).map(ShardRef::toString).orElse(null))
        .run(() -> take(task));
  }

  private static Optional<ShardRef> shard(ShardTask task) {
    Object work = task.getTask();
    Integer shardId = null;
    if (work instanceof CreateShard create) {
      shardId = create.getShardId();
    } else if (work instanceof CopyShard copy) {
      shardId = copy.getShardId();
    } else if (work instanceof VerifyShard verify) {
      shardId = verify.getShardId();
    } else if (work instanceof DropShard drop) {
      shardId = drop.getShardId();
    } else if (work instanceof CheckRule check) {
      shardId = check.getShardId();
    } else if (work instanceof SampleKeys sample) {
      shardId = sample.getShardId();
    }
    return Optional.ofNullable(shardId).map(id -> new ShardRef(task.getTableId(), id));
  }

  private void take(ShardTask task) {
    LOG.info(
        "task.taken task={} attempt={} kind={} table={}",
        task.getTaskId(),
        task.getAttempt(),
        TaskReporter.kind(task),
        task.getTableId());
    WorkerMetric.TASKS.counter(metrics, TaskReporter.kind(task)).increment();
    try {
      dispatch(task);
    } catch (SQLException | IOException | RuntimeException failure) {
      reporter.failed(task, failure);
    }
  }

  private void dispatch(ShardTask task) throws SQLException, IOException {
    Object work = task.getTask();
    if (work instanceof CreateShard create) {
      create(task, create);
    } else if (work instanceof CopyShard copy) {
      copies.submit(task, copy);
    } else if (work instanceof VerifyShard verify) {
      verify(task, verify);
    } else if (work instanceof DropShard drop) {
      drop(task, drop);
    } else if (work instanceof CheckRule check) {
      checks.submit(task, check);
    } else if (work instanceof SampleKeys sample) {
      samples.submit(task, sample);
    } else {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "unknown kind of task " + work.getClass().getSimpleName());
    }
  }

  /**
   * A task can come a second time, on a disk that has lost what the first time had made of it: what
   * others have read of the shard since must not be read of an empty one.
   */
  private void create(ShardTask task, CreateShard create) throws SQLException, IOException {
    ShardRef ref = new ShardRef(task.getTableId(), create.getShardId());
    ShardDefinition definition =
        new ShardDefinition(
            ref,
            create.getTable(),
            create.getVirtualShards(),
            KeyRanges.orAll(create.getRange()),
            create.getFromLogStart() ? ShardState.APPLYING : ShardState.COPYING);
    boolean isMadeAnew =
        create.getFromLogStart() && !reporter.incarnation().equals(create.getServedBy());
    if (isMadeAnew) {
      copies.stop(ref);
      shards.makeAnew(definition);
    } else {
      shards.create(definition);
    }
    reporter.report(task, new TaskDone(null));
  }

  private void verify(ShardTask task, VerifyShard verify) {
    ShardRef ref = new ShardRef(task.getTableId(), verify.getShardId());
    shards.require(ref).requireReadable();
    verifier.arm(
        ref,
        new ArmedFence(
            verify.getFenceId(),
            Set.copyOf(verify.getVirtualShards()),
            verify.getListKeys(),
            TraceScope.current(),
            () -> reporter.report(task, new TaskProgress(0, 0L, 0L, 0L)),
            digests -> reporter.report(task, digests),
            failure -> reporter.failed(task, failure)));
    reporter.report(task, new TaskStarted());
  }

  private void drop(ShardTask task, DropShard drop) throws SQLException, IOException {
    ShardRef ref = new ShardRef(task.getTableId(), drop.getShardId());
    copies.stop(ref);
    verifier.disarm(ref);
    shards.drop(ref);
    reporter.report(task, new TaskDone(null));
  }

  @Override
  public void close() {
    samples.close();
    checks.close();
    copies.close();
  }
}
