package dev.shardstream.streams.topology;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.ReshardBook;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts decisions and logs those that an operator wants to see: one line per state change. */
public final class ControlMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(ControlMetrics.class);

  /** Times from a command's arrival to its end. */
  private static final List<Duration> BOUNDS =
      Stream.of(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 600_000, 3_600_000)
          .map(Duration::ofMillis)
          .toList();

  private final MeterRegistry registry;
  private final StateMetrics state;
  private final Map<String, ReshardStatus> reshards = new ConcurrentHashMap<>();

  public ControlMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.state = new StateMetrics(registry);
    // An increase is seen only from a value that was there before: these are there from the start.
    ControlMetric.THREADS_REPLACED.counter(registry);
    ControlMetric.VERIFY_MISMATCHES.counter(registry);
    for (ReshardStatus status : ReshardStatus.values()) {
      ControlMetric.RESHARD_PHASES.counter(registry, word(status));
    }
  }

  /** A record that cannot be read was passed over. */
  public void malformed(String topic) {
    ControlMetric.MALFORMED.counter(registry, topic).increment();
  }

  /** A stream thread has failed and was replaced. */
  public void threadReplaced() {
    ControlMetric.THREADS_REPLACED.counter(registry).increment();
  }

  /** Offsets that Kafka held back had to be freed. */
  public void offsetsFreed() {
    ControlMetric.OFFSETS_FREED.counter(registry).increment();
  }

  /**
   * Looks at what is in one partition.
   *
   * @param now milliseconds since the epoch
   */
  void observe(
      String partition,
      Collection<DatabaseState> databases,
      Cluster cluster,
      Limits limits,
      long now) {
    state.observe(partition, databases, cluster, limits, now);
  }

  /** A partition is not this process's any more. */
  void forget(String partition) {
    state.forget(partition);
  }

  void count(DatabaseState database, Decision decision) {
    if (decision instanceof Decision.ResultStored d) {
      result(database, d);
    } else if (decision instanceof Decision.ReshardStored d) {
      reshard(database.database(), d.reshard());
    } else if (decision instanceof Decision.TopologyStored d) {
      LOG.info(
          "topology.changed table={} epoch={} shards={} reshard={}",
          d.topology().getTableId(),
          d.topology().getEpoch(),
          d.topology().getShards().size(),
          d.topology().getChangeLogId());
    } else if (decision instanceof Decision.NodeDrained d) {
      LOG.info("node.drained node={} database={}", d.node().getNodeId(), database.database());
    } else if (decision instanceof Decision.NodeUndrained d) {
      LOG.info("node.undrained node={} database={}", d.nodeId(), database.database());
    } else if (decision instanceof Decision.ShardTaskIssued d) {
      issued(
          d.task().getTaskId(),
          d.task().getAttempt(),
          kind(d.task().getTask()),
          "node " + d.task().getNodeId());
    } else if (decision instanceof Decision.ProvisionTaskIssued d) {
      issued(d.task().getTaskId(), d.task().getAttempt(), kind(d.task().getTask()), "provisioner");
    }
  }

  private void result(DatabaseState database, Decision.ResultStored stored) {
    DdlStatus status = stored.result().getStatus();
    ControlMetric.COMMAND_RESULTS.counter(registry, word(status)).increment();
    if (status == DdlStatus.APPLIED || status == DdlStatus.REJECTED) {
      ended(database, stored.result());
    }
    LOG.info(
        "command.{} id={} database={} table={} code={} message={}",
        word(status),
        stored.result().getCommandId(),
        database.database(),
        stored.result().getTable(),
        stored.result().getCode(),
        stored.result().getMessage());
  }

  private void ended(DatabaseState database, DdlResult result) {
    CommandProgress progress = database.progress(result.getCommandId());
    long millis = progress == null ? 0 : Math.max(0, result.getAt() - progress.getReceivedAt());
    ControlMetric.COMMAND_SECONDS
        .histogram(registry, BOUNDS, result.getOperation(), word(result.getStatus()))
        .record(Duration.ofMillis(millis));
    if (result.getStatus() == DdlStatus.REJECTED && result.getCode() != null) {
      ControlMetric.COMMAND_REJECTIONS.counter(registry, result.getCode()).increment();
    }
  }

  private void reshard(String database, Reshard reshard) {
    String key = database + "/" + reshard.getChangeLogId();
    if (reshards.put(key, reshard.getStatus()) == reshard.getStatus()) {
      return;
    }
    if (ReshardBook.isEnd(reshard.getStatus())) {
      reshards.remove(key);
    }
    ControlMetric.RESHARD_PHASES.counter(registry, word(reshard.getStatus())).increment();
    if (ErrorCode.VERIFY_MISMATCH.name().equals(reshard.getErrorCode())) {
      ControlMetric.VERIFY_MISMATCHES.counter(registry).increment();
    }
    LOG.info(
        "reshard.{} id={} table={} error={} message={}",
        word(reshard.getStatus()),
        reshard.getChangeLogId(),
        reshard.getTableId(),
        reshard.getErrorCode(),
        reshard.getErrorMessage());
  }

  private void issued(String taskId, int attempt, String kind, String to) {
    if (attempt == 1) {
      LOG.info("task.issued id={} kind={} to={}", taskId, kind, to);
    } else {
      ControlMetric.TASKS_REISSUED.counter(registry, kind).increment();
      LOG.info("task.reissued id={} attempt={} to={}", taskId, attempt, to);
    }
  }

  /** What a task is to do, like CopyShard. */
  private static String kind(Object task) {
    return task.getClass().getSimpleName();
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
