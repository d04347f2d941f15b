package dev.shardstream.producer.api;

import dev.shardstream.schemas.contract.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The results of SHOW, DESCRIBE and TABLE_STATS. Their columns are part of the API. */
final class Reports {
  private static final List<String> SHARD =
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
          "error",
          "role",
          "key_range");

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
              table.changeLogId(),
              table.tableType(),
              table.comment(),
              (long) table.replicas()));
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
            "change_log_id",
            "table_type",
            "comment",
            "replicas"),
        rows);
  }

  static Result namespaces(List<NamespaceInfo> namespaces) {
    return Result.rows(
        List.of("namespace", "tables", "created_at"),
        namespaces.stream()
            .map(one -> row(one.name(), (long) one.tables(), one.createdAt()))
            .toList());
  }

  static Result indexes(List<IndexInfo> indexes) {
    return Result.rows(
        List.of("index_name", "columns", "index_type", "status", "error", "comment"),
        indexes.stream()
            .map(
                index ->
                    row(
                        index.name(),
                        String.join(", ", index.columns()),
                        index.type(),
                        index.status(),
                        index.error(),
                        index.comment()))
            .toList());
  }

  static Result history(List<TableVersion> versions) {
    return Result.rows(
        List.of("version", "at", "change", "column_count", "command_id"),
        versions.stream()
            .map(
                version ->
                    row(
                        (long) version.version(),
                        version.at(),
                        version.change(),
                        (long) version.columnCount(),
                        version.commandId()))
            .toList());
  }

  static Result commands(List<DdlTransition> transitions, String database) {
    return Result.rows(
        List.of(
            "command_id",
            "operation",
            "table_name",
            "status",
            "schema_version",
            "code",
            "message",
            "issued_by",
            "depends_on",
            "at"),
        transitions.stream().map(transition -> command(transition, database)).toList());
  }

  private static List<@Nullable Object> command(DdlTransition transition, String database) {
    Integer version = transition.schemaVersion();
    String table = transition.tableName();
    List<String> dependsOn = transition.dependsOn();
    return row(
        transition.commandId(),
        transition.operation(),
        table == null ? null : named(transition.database(), table, database),
        transition.status(),
        version == null ? null : (Object) version.longValue(),
        transition.code(),
        transition.message(),
        transition.issuedBy(),
        dependsOn.isEmpty() ? null : String.join(", ", dependsOn),
        TableFacts.time(transition.at()));
  }

  static Result liveQueries(List<LiveQueryInfo> queries, String database) {
    return Result.rows(
        List.of(
            "live_query_id",
            "table_name",
            "sql",
            "columns",
            "issued_by",
            "started_at",
            "heartbeat_at"),
        queries.stream()
            .map(
                query ->
                    row(
                        query.id(),
                        named(query.database(), query.tableName(), database),
                        query.sql(),
                        String.join(", ", query.columns()),
                        query.issuedBy(),
                        TableFacts.time(query.startedAt()),
                        TableFacts.time(query.heartbeatAt())))
            .toList());
  }

  /** A table's name as the user would write it. */
  private static String named(String database, String table, String configured) {
    return Names.same(database, configured) ? table : database + "." + table;
  }

  /** TABLE_STATS, which counts virtual shards. */
  static Result stats(List<ShardStats> shards) {
    return Result.rows(
        SHARD, shards.stream().map(one -> shard(one, (long) one.virtualShards())).toList());
  }

  /** SHOW SHARDS, which names virtual shards. */
  static Result shards(List<ShardStats> shards) {
    return Result.rows(
        SHARD, shards.stream().map(one -> shard(one, one.virtualShardRanges())).toList());
  }

  private static List<@Nullable Object> shard(ShardStats shard, Object virtualShards) {
    Integer version = shard.schemaVersion();
    return row(
        (long) shard.shardId(),
        shard.nodeId(),
        shard.status(),
        shard.state(),
        virtualShards,
        shard.rows(),
        shard.bytes(),
        shard.lag(),
        version == null ? null : (Object) version.longValue(),
        shard.error(),
        shard.role(),
        shard.keyRange());
  }

  static Result nodes(List<NodeInfo> nodes) {
    return Result.rows(
        List.of(
            "node",
            "state",
            "endpoint",
            "shards",
            "rows",
            "free_bytes",
            "capacity_bytes",
            "heartbeat_at"),
        nodes.stream()
            .map(
                node ->
                    row(
                        node.nodeId(),
                        node.state(),
                        node.endpoint(),
                        (long) node.shards(),
                        node.rows(),
                        node.freeBytes(),
                        node.capacityBytes(),
                        TableFacts.time(node.heartbeatAt())))
            .toList());
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
                  : reshard.errorCode() + ": " + reshard.errorMessage(),
              reshard.purpose(),
              reshard.waitsFor(),
              reshard.retryOf()));
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
            "error",
            "purpose",
            "waits_for",
            "retry_of"),
        rows);
  }

  static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }
}
