package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.ShardProgress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far shards are behind their logs, as rows. Pure. */
final class LagTable {
  static final List<String> COLUMNS =
      List.of(
          "table",
          "shard",
          "role",
          "node",
          "state",
          "offsets_behind",
          "seconds_behind",
          "applied_changes");

  private LagTable() {}

  /** A row for each shard; what is not known is null. */
  static List<List<@Nullable Object>> rows(List<ShardProgress> shards) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ShardProgress shard : shards) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(tableName(shard));
      row.add(shard.shardId());
      row.add(shard.role());
      row.add(shard.nodeId());
      row.add(shard.state());
      row.add(shard.offsetsBehind());
      row.add(seconds(shard.millisBehind()));
      row.add(shard.appliedChanges());
      rows.add(row);
    }
    return rows;
  }

  static String tableName(ShardProgress shard) {
    return shard.namespace() + "." + shard.table();
  }

  /** In tenths: the question is asked every second. */
  static @Nullable Double seconds(@Nullable Long millis) {
    return millis == null ? null : Math.round(millis / 100.0) / 10.0;
  }
}
