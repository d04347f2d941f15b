package dev.shardstream.streams.topology;

import dev.shardstream.schemas.metrics.Metric;
import java.util.List;

/** Everything that the control plane measures of its own. */
public enum ControlMetric implements Metric {
  READY(Type.GAUGE, "shardstream_streams_ready", "0 or 1", "Whether `/readyz` says yes."),
  PROVISIONER_WORKING(
      Type.GAUGE,
      "shardstream_streams_provisioner_working",
      "0 or 1",
      "Whether the part that makes topics and registers schemas follows its tasks."),
  COMMANDS_PENDING(
      Type.GAUGE,
      "shardstream_streams_commands_pending",
      "commands",
      "DDL commands that wait or run."),
  OLDEST_PENDING(
      Type.GAUGE,
      "shardstream_streams_command_oldest_pending_seconds",
      "seconds",
      "Age of the oldest of them; 0 when there is none. A reshard, a move, a drain or "
          + "a rebalance counts until it ends."),
  COMMAND_RESULTS(
      Type.COUNTER,
      "shardstream_streams_command_results_total",
      "results",
      "Transitions of DDL commands: `pending`, `accepted`, `applied`, `rejected`.",
      "status"),
  COMMAND_REJECTIONS(
      Type.COUNTER,
      "shardstream_streams_command_rejections_total",
      "commands",
      "DDL commands that were rejected, by error code.",
      "code"),
  COMMAND_SECONDS(
      Type.TIMER,
      "shardstream_streams_command_seconds",
      "seconds",
      "Time from a DDL command's arrival to its end, `applied` or `rejected`, by what "
          + "it does, like `ADD_COLUMN`; a histogram.",
      "operation",
      "outcome"),
  TASKS_OPEN(
      Type.GAUGE, "shardstream_streams_tasks_open", "tasks", "Tasks whose outcome is waited for."),
  TASKS_REISSUED(
      Type.COUNTER,
      "shardstream_streams_tasks_reissued_total",
      "tasks",
      "Tasks issued again because an attempt failed or stayed silent, by what is to " + "be done.",
      "kind"),
  RESHARDS_RUNNING(
      Type.GAUGE,
      "shardstream_streams_reshards_running",
      "reshards",
      "Running reshards, moves, verifies and replications by phase.",
      "status"),
  RESHARDS_PAUSED(
      Type.GAUGE,
      "shardstream_streams_reshards_paused",
      "reshards",
      "Of these, those that are paused."),
  RESHARDS_BACKING_OFF(
      Type.GAUGE,
      "shardstream_streams_reshards_backing_off",
      "reshards",
      "Of these, those whose copies wait for shards that are behind."),
  RESHARD_PHASES(
      Type.COUNTER,
      "shardstream_streams_reshard_phases_total",
      "transitions",
      "Reshards that have entered a phase or an end.",
      "status"),
  VERIFY_MISMATCHES(
      Type.COUNTER,
      "shardstream_streams_verify_mismatches_total",
      "reshards",
      "Reshards, moves and verifies that have failed because virtual shards differed."),
  RESHARD_IDLE(
      Type.GAUGE,
      "shardstream_streams_reshard_idle_seconds",
      "seconds",
      "Time since a running reshard has last moved; 0 while it waits for an operator "
          + "or for its grace period.",
      "table",
      "purpose",
      "status"),
  RESHARD_PHASE(
      Type.GAUGE,
      "shardstream_streams_reshard_phase_seconds",
      "seconds",
      "Time since a running reshard has entered its phase.",
      "table",
      "purpose",
      "status"),
  RESHARD_VIRTUAL_SHARDS(
      Type.GAUGE,
      "shardstream_streams_reshard_virtual_shards",
      "virtual shards",
      "What a running reshard has to copy, counted for each target that gets it.",
      "table",
      "purpose"),
  RESHARD_COPIED(
      Type.GAUGE,
      "shardstream_streams_reshard_copied_virtual_shards",
      "virtual shards",
      "Of these, those that are there.",
      "table",
      "purpose"),
  RESHARD_ROWS(
      Type.GAUGE,
      "shardstream_streams_reshard_copied_rows",
      "rows",
      "Rows that a running reshard has copied.",
      "table",
      "purpose"),
  RESHARD_REPLAYED(
      Type.GAUGE,
      "shardstream_streams_reshard_replayed_changes",
      "changes",
      "Changes that its targets have applied from the log after the copy.",
      "table",
      "purpose"),
  RESHARD_LAG(
      Type.GAUGE,
      "shardstream_streams_reshard_lag_offsets",
      "offsets",
      "How far its targets are behind the ends of their log together; absent before "
          + "that is known.",
      "table",
      "purpose"),
  RESHARD_COMPARED(
      Type.GAUGE,
      "shardstream_streams_reshard_compared_virtual_shards",
      "virtual shards",
      "Virtual shards that its last verify has compared.",
      "table",
      "purpose"),
  NODES(
      Type.GAUGE,
      "shardstream_streams_nodes",
      "nodes",
      "Nodes that were ever heard of: `up`, `leaving` (said that they stop), `silent` "
          + "(no heartbeat for `task.timeout.ms`), `lost` (none for `node.timeout.ms`). "
          + "Each process says the same.",
      "state"),
  SHARDS(
      Type.GAUGE,
      "shardstream_streams_shards",
      "shards",
      "Shards of all topologies: `pending`, `active`, `to_be_deleted`, `failed`.",
      "status"),
  SHARDS_WITHOUT_NODE(
      Type.GAUGE,
      "shardstream_streams_shards_without_node",
      "shards",
      "Active shards whose node has sent no heartbeat for `node.timeout.ms`, whatever "
          + "it said last."),
  REPLICAS_MISSING(
      Type.GAUGE,
      "shardstream_streams_replicas_missing",
      "replicas",
      "Replicas that tables want of the rows of their shards and that no worker which sends "
          + "heartbeats has, over all shards. They are made anew after `replica.rebuild.ms`."),
  REQUESTS_REFUSED(
      Type.COUNTER,
      "shardstream_streams_requests_refused_total",
      "requests",
      "HTTP requests that were answered by an error, by its code.",
      "code"),
  MALFORMED(
      Type.COUNTER,
      "shardstream_streams_malformed_records_total",
      "records",
      "Records of control topics that could not be read and were passed over.",
      "topic"),
  THREADS_REPLACED(
      Type.COUNTER,
      "shardstream_streams_threads_replaced_total",
      "threads",
      "Stream threads that have failed and were replaced."),
  OFFSETS_FREED(
      Type.COUNTER,
      "shardstream_streams_offsets_freed_total",
      "times",
      "Offsets that Kafka held back for a transaction that was over, and that had to be freed.");

  private final Definition definition;

  ControlMetric(Type type, String name, String unit, String meaning, String... labels) {
    this.definition = new Definition(type, name, unit, meaning, List.of(labels));
  }

  @Override
  public Definition definition() {
    return definition;
  }
}
