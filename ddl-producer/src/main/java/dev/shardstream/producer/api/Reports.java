package dev.shardstream.producer.api;

import dev.shardstream.producer.api.TableDescription.ColumnInfo;
import dev.shardstream.producer.api.TableDescription.ShardInfo;
import dev.shardstream.producer.sql.SqlText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The results of SHOW, DESCRIBE and TABLE_STATS. Their columns are part of the API. */
final class Reports {
  private Reports() {}

  static Result tables(List<TableInfo> tables) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (TableInfo table : tables) {
      rows.add(
          row(
              table.name(),
              table.database(),
              (long) table.shards(),
              (long) table.partitions(),
              table.strategy(),
              (long) table.schemaVersion(),
              table.status(),
              table.tableId(),
              table.changeLogId()));
    }
    return Result.rows(
        List.of(
            "table_name",
            "database",
            "shards",
            "partitions",
            "strategy",
            "schema_version",
            "status",
            "table_id",
            "change_log_id"),
        rows);
  }

  static Result description(TableDescription table) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    TableInfo info = table.info();
    rows.add(row("TABLE_INFO", "table_name", info.name(), null));
    rows.add(row("TABLE_INFO", "database", info.database(), null));
    rows.add(row("TABLE_INFO", "table_id", info.tableId(), null));
    rows.add(row("TABLE_INFO", "status", info.status(), null));
    rows.add(row("TABLE_INFO", "schema_version", info.schemaVersion() + "", null));
    rows.add(row("TABLE_INFO", "strategy", info.strategy(), null));
    rows.add(row("TABLE_INFO", "shard_key", String.join(", ", table.shardKey()), null));
    rows.add(row("TABLE_INFO", "shards", info.shards() + "", null));
    rows.add(row("TABLE_INFO", "partitions", info.partitions() + "", null));
    rows.add(row("TABLE_INFO", "epoch", table.epoch() + "", null));
    rows.add(row("TABLE_INFO", "change_log_id", info.changeLogId(), null));
    rows.add(row("TABLE_INFO", "log_topic", table.logTopic(), null));
    rows.add(row("TABLE_INFO", "created_at", table.createdAt(), null));
    for (ShardInfo shard : table.shards()) {
      rows.add(
          row(
              "SHARDS",
              shard.id() + "",
              shard.status(),
              "node " + shard.nodeId() + ", virtual shards " + shard.virtualShards()));
    }
    rows.add(row("INDEXES", "PRIMARY KEY", "ready", String.join(", ", table.primaryKey())));
    for (ColumnInfo column : table.columns()) {
      rows.add(row("COLUMNS", column.name(), column.type(), constraints(column)));
    }
    return Result.rows(List.of("section", "name", "value", "detail"), rows);
  }

  private static @Nullable String constraints(ColumnInfo column) {
    List<String> constraints = new ArrayList<>();
    if (!column.nullable()) {
      constraints.add("NOT NULL");
    }
    if (column.defaultValue() != null) {
      constraints.add("DEFAULT " + SqlText.literal(column.defaultValue()));
    }
    if (column.inPrimaryKey()) {
      constraints.add("PRIMARY KEY");
    }
    return constraints.isEmpty() ? null : String.join(" ", constraints);
  }

  static Result stats(List<ShardStats> shards) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ShardStats shard : shards) {
      Integer version = shard.schemaVersion();
      rows.add(
          row(
              (long) shard.shardId(),
              shard.nodeId(),
              shard.status(),
              shard.state(),
              (long) shard.virtualShards(),
              shard.rows(),
              shard.bytes(),
              shard.lag(),
              version == null ? null : (Object) version.longValue(),
              shard.error()));
    }
    return Result.rows(
        List.of(
            "shard_id",
            "node",
            "status",
            "state",
            "virtual_shards",
            "rows",
            "bytes",
            "lag",
            "schema_version",
            "error"),
        rows);
  }

  static Result reshards(List<ReshardInfo> reshards) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ReshardInfo reshard : reshards) {
      rows.add(
          row(
              reshard.changeLogId(),
              reshard.tableName(),
              reshard.status(),
              (long) reshard.sourceShards(),
              (long) reshard.targetShards(),
              reshard.rowsCopied(),
              (long) reshard.virtualShardsCopied(),
              reshard.replayedChanges(),
              reshard.lag(),
              (long) reshard.digestsCompared(),
              (long) reshard.mismatches(),
              TableFacts.time(reshard.startedAt()),
              reshard.ended() ? TableFacts.time(reshard.updatedAt()) : null,
              reshard.errorCode() == null
                  ? null
                  : reshard.errorCode() + ": " + reshard.errorMessage()));
    }
    return Result.rows(
        List.of(
            "change_log_id",
            "table_name",
            "status",
            "source_shard_count",
            "target_shard_count",
            "rows_copied",
            "virtual_shards_copied",
            "replayed_changes",
            "lag",
            "digests_compared",
            "verify_mismatches",
            "started_at",
            "finished_at",
            "error"),
        rows);
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }
}
