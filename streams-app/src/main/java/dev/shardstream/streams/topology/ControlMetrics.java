package dev.shardstream.streams.topology;

import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.ReshardBook;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts decisions and logs those that an operator wants to see: one line per state change. */
public final class ControlMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(ControlMetrics.class);

  private record Snapshot(
      long pending,
      long openTasks,
      long paused,
      long backingOff,
      Map<ReshardStatus, Long> reshards) {}

  private final MeterRegistry registry;
  private final Map<String, Snapshot> snapshots = new ConcurrentHashMap<>();
  private final Map<String, ReshardStatus> reshards = new ConcurrentHashMap<>();

  public ControlMetrics(MeterRegistry registry) {
    this.registry = registry;
    gauge("shardstream_streams_commands_pending", "Commands not finished", Snapshot::pending);
    gauge(
        "shardstream_streams_tasks_open", "Tasks whose outcome is waited for", Snapshot::openTasks);
    gauge("shardstream_streams_reshards_paused", "Reshards that are paused", Snapshot::paused);
    gauge(
        "shardstream_streams_reshards_backing_off",
        "Reshards whose copies wait for shards that are behind",
        Snapshot::backingOff);
    for (ReshardStatus status : ReshardStatus.values()) {
      Gauge.builder(
              "shardstream_streams_reshards_running",
              snapshots,
              s -> sum(s, x -> x.reshards().getOrDefault(status, 0L)))
          .tag("status", word(status))
          .description("Running reshards")
          .register(registry);
    }
  }

  private void gauge(String name, String description, ToLongFunction<Snapshot> value) {
    Gauge.builder(name, snapshots, s -> sum(s, value)).description(description).register(registry);
  }

  private static double sum(Map<String, Snapshot> snapshots, ToLongFunction<Snapshot> value) {
    return snapshots.values().stream().mapToLong(value).sum();
  }

  /** A record that cannot be read was passed over. */
  public void malformed(String topic) {
    registry.counter("shardstream_streams_malformed_records_total", "topic", topic).increment();
  }

  /** A stream thread has failed and was replaced. */
  public void threadReplaced() {
    registry.counter("shardstream_streams_threads_replaced_total").increment();
  }

  /** Takes a picture of what is in motion in one partition. */
  void observe(String partition, Collection<DatabaseState> databases) {
    long pending = 0;
    long openTasks = 0;
    long paused = 0;
    long backingOff = 0;
    Map<ReshardStatus, Long> running = new EnumMap<>(ReshardStatus.class);
    for (DatabaseState database : databases) {
      pending += database.unfinishedCount();
      openTasks += database.tasks().size();
      for (Reshard reshard : database.reshards()) {
        paused += reshard.getPaused() ? 1 : 0;
        backingOff += reshard.getBackingOff() ? 1 : 0;
        running.merge(reshard.getStatus(), 1L, Long::sum);
      }
    }
    snapshots.put(partition, new Snapshot(pending, openTasks, paused, backingOff, running));
  }

  /** A partition is not this process's any more. */
  void forget(String partition) {
    snapshots.remove(partition);
  }

  void count(String database, Decision decision) {
    if (decision instanceof Decision.ResultStored d) {
      result(database, d);
    } else if (decision instanceof Decision.ReshardStored d) {
      reshard(database, d.reshard());
    } else if (decision instanceof Decision.TopologyStored d) {
      LOG.info(
          "topology.changed table={} epoch={} shards={} reshard={}",
          d.topology().getTableId(),
          d.topology().getEpoch(),
          d.topology().getShards().size(),
          d.topology().getChangeLogId());
    } else if (decision instanceof Decision.NodeDrained d) {
      LOG.info("node.drained node={} database={}", d.node().getNodeId(), database);
    } else if (decision instanceof Decision.NodeUndrained d) {
      LOG.info("node.undrained node={} database={}", d.nodeId(), database);
    } else if (decision instanceof Decision.ShardTaskIssued d && d.task().getAttempt() > 1) {
      reissued(d.task().getTaskId(), d.task().getAttempt(), "node " + d.task().getNodeId());
    } else if (decision instanceof Decision.ProvisionTaskIssued d && d.task().getAttempt() > 1) {
      reissued(d.task().getTaskId(), d.task().getAttempt(), "provisioner");
    }
  }

  private void result(String database, Decision.ResultStored stored) {
    DdlStatus status = stored.result().getStatus();
    registry
        .counter("shardstream_streams_command_results_total", "status", word(status))
        .increment();
    LOG.info(
        "command.{} id={} database={} table={} code={} message={}",
        word(status),
        stored.result().getCommandId(),
        database,
        stored.result().getTable(),
        stored.result().getCode(),
        stored.result().getMessage());
  }

  private void reshard(String database, Reshard reshard) {
    String key = database + "/" + reshard.getChangeLogId();
    if (reshards.put(key, reshard.getStatus()) == reshard.getStatus()) {
      return;
    }
    if (ReshardBook.isEnd(reshard.getStatus())) {
      reshards.remove(key);
    }
    registry
        .counter("shardstream_streams_reshard_phases_total", "status", word(reshard.getStatus()))
        .increment();
    LOG.info(
        "reshard.{} id={} table={} error={} message={}",
        word(reshard.getStatus()),
        reshard.getChangeLogId(),
        reshard.getTableId(),
        reshard.getErrorCode(),
        reshard.getErrorMessage());
  }

  private void reissued(String taskId, int attempt, String to) {
    registry.counter("shardstream_streams_tasks_reissued_total").increment();
    LOG.info("task.reissued id={} attempt={} to={}", taskId, attempt, to);
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
