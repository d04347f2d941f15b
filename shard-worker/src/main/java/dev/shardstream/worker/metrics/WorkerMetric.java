package dev.shardstream.worker.metrics;

import dev.shardstream.schemas.metrics.Metric;
import java.util.List;

/** Everything that a worker measures of its own. */
public enum WorkerMetric implements Metric {
  READY(Type.GAUGE, "shardstream_worker_ready", "0 or 1", "Whether `/readyz` says yes."),
  DISK_FREE(
      Type.GAUGE,
      "shardstream_worker_disk_free_bytes",
      "bytes",
      "Free space of the file system of `data.dir`."),
  DISK_CAPACITY(
      Type.GAUGE, "shardstream_worker_disk_capacity_bytes", "bytes", "Size of that file system."),
  HEARTBEATS(
      Type.COUNTER,
      "shardstream_worker_heartbeats_total",
      "heartbeats",
      "Heartbeats that Kafka has taken (`sent`) or not (`failed`).",
      "outcome"),
  SHARDS(
      Type.GAUGE,
      "shardstream_worker_shards",
      "shards",
      "Shards of the node: `copying`, `applying`, `failed`.",
      "state"),
  SHARD_FAILED(
      Type.GAUGE,
      "shardstream_worker_shard_failed",
      "0 or 1",
      "1 while a shard stands still for a reason that waiting does not mend, and for "
          + "ever once its file is set apart as broken.",
      "table",
      "shard"),
  SHARD_ROWS(
      Type.GAUGE,
      "shardstream_worker_shard_rows",
      "rows",
      "Rows that a shard holds.",
      "table",
      "shard"),
  SHARD_BYTES(
      Type.GAUGE,
      "shardstream_worker_shard_bytes",
      "bytes",
      "Size of a shard's files, write-ahead log included.",
      "table",
      "shard"),
  SHARD_WAL(
      Type.GAUGE,
      "shardstream_worker_shard_wal_bytes",
      "bytes",
      "Size of a shard's SQLite write-ahead log; it is truncated from `wal.bytes` on, "
          + "unless somebody reads for too long.",
      "table",
      "shard"),
  LAG_OFFSETS(
      Type.GAUGE,
      "shardstream_worker_lag_offsets",
      "offsets",
      "From a shard's positions to the ends of its log that a read-committed reader "
          + "can reach, over all its partitions; absent before every end is known.",
      "table",
      "shard"),
  LAG_SECONDS(
      Type.GAUGE,
      "shardstream_worker_lag_seconds",
      "seconds",
      "For how long a shard may have missed what was written to its log. It is asked "
          + "every second, so it is about 1 at most while the shard keeps up; absent while "
          + "it follows no log.",
      "table",
      "shard"),
  POSITION(
      Type.GAUGE,
      "shardstream_worker_position_offset",
      "offset",
      "The next offset that a shard applies of a partition.",
      "table",
      "shard",
      "partition"),
  APPLIED(
      Type.COUNTER,
      "shardstream_worker_applied_changes_total",
      "changes",
      "Changes that a shard has accepted and committed.",
      "table",
      "shard"),
  REJECTED(
      Type.COUNTER,
      "shardstream_worker_rejected_changes_total",
      "changes",
      "Changes that a shard has refused, by the code of the rejection. Each holder of "
          + "the rows counts them, replicas too.",
      "table",
      "shard",
      "code"),
  APPLY_FAILURES(
      Type.COUNTER,
      "shardstream_worker_apply_failures_total",
      "failures",
      "How often applying has stopped for a reason that waiting alone does not mend.",
      "table",
      "shard"),
  APPLY_WAITS(
      Type.COUNTER,
      "shardstream_worker_apply_waits_total",
      "waits",
      "How often applying waited for something else: an error code like "
          + "`REGISTRY_UNREACHABLE` or `STALE_SCHEMA`, or `KAFKA`.",
      "table",
      "shard",
      "reason"),
  APPLY_COMMIT(
      Type.TIMER,
      "shardstream_worker_apply_commit_seconds",
      "seconds",
      "Time of one SQLite transaction of an applier."),
  TABLES_WITHOUT_SNAPSHOT(
      Type.GAUGE,
      "shardstream_worker_tables_without_snapshot",
      "tables",
      "Tables of the node whose log was cut and that no snapshot at `snapshot.place` reaches, "
          + "or none that can be read now: a shard of them could not be made anew here. Looked at "
          + "every half an hour."),
  OPEN_TRANSACTION(
      Type.GAUGE,
      "shardstream_worker_open_transaction_seconds",
      "seconds",
      "For how long the last stable offset of a table's log has stood still with "
          + "records behind it, in the partition where that is longest; 0 when there are "
          + "none.",
      "table"),
  UNSTABLE_OFFSETS(
      Type.GAUGE,
      "shardstream_worker_unstable_offsets",
      "offsets",
      "Offsets behind the last stable one, which no read-committed reader can reach "
          + "yet, over the partitions that the node follows.",
      "table"),
  UNANSWERED(
      Type.GAUGE,
      "shardstream_worker_unanswered_shards",
      "shards",
      "Shards for which Kafka did not say, when last asked, where their log ends."),
  COPIES(Type.GAUGE, "shardstream_worker_copies", "copies", "Copies taken on and not ended."),
  COPIES_PAUSED(
      Type.GAUGE,
      "shardstream_worker_copies_paused",
      "copies",
      "Of these, those that were told to pause."),
  COPY_LIMIT(
      Type.GAUGE,
      "shardstream_worker_copy_limit_rows_per_second",
      "rows/second",
      "Upper bound of what they copy together; `+Inf` when one has none."),
  COPIED_ROWS(
      Type.COUNTER,
      "shardstream_worker_copied_rows_total",
      "rows",
      "Rows copied into shards of this node, from the same node (`attach`) or another "
          + "(`slice`).",
      "way"),
  REPAIRS(
      Type.COUNTER,
      "shardstream_worker_repairs_total",
      "repairs",
      "Shards that have begun to copy virtual shards again after a verify."),
  DIGESTS(
      Type.COUNTER,
      "shardstream_worker_digests_total",
      "virtual shards",
      "Virtual shards digested for a verify."),
  TASKS(
      Type.COUNTER,
      "shardstream_worker_tasks_total",
      "tasks",
      "Attempts of tasks that were taken on, by what is to be done, like `CopyShard`.",
      "kind"),
  TASK_FAILURES(
      Type.COUNTER,
      "shardstream_worker_task_failures_total",
      "tasks",
      "Attempts of tasks that have failed, by error code.",
      "kind",
      "code"),
  REQUESTS_REFUSED(
      Type.COUNTER,
      "shardstream_worker_requests_refused_total",
      "requests",
      "HTTP requests that were answered by an error, by its code.",
      "code"),
  STATEMENTS(
      Type.TIMER,
      "shardstream_worker_statement_seconds",
      "seconds",
      "Time of a statement of a reader, waiting and sending included.");

  private final Definition definition;

  WorkerMetric(Type type, String name, String unit, String meaning, String... labels) {
    this.definition = new Definition(type, name, unit, meaning, List.of(labels));
  }

  @Override
  public Definition definition() {
    return definition;
  }
}
