package dev.shardstream.producer.api;

import dev.shardstream.producer.api.TableDescription.ColumnInfo;
import dev.shardstream.producer.api.TableDescription.ShardInfo;
import dev.shardstream.producer.sql.SqlText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of DESCRIBE: sections of rows, numbered within each. Its columns are API. */
final class DescribeReport {
  private static final List<String> COLUMNS =
      List.of(
          "section",
          "ordinal",
          "name",
          "value",
          "detail",
          "column_id",
          "nullable",
          "default_value",
          "key",
          "comment",
          "schema_version");

  private final List<List<@Nullable Object>> rows = new ArrayList<>();
  private String section = "";
  private long ordinal;

  private DescribeReport() {}

  static Result of(TableDescription table) {
    DescribeReport report = new DescribeReport();
    report.tableInfo(table);
    report.shards(table.shards());
    report.indexes(table);
    report.columns(table);
    return Result.rows(COLUMNS, report.rows);
  }

  private void tableInfo(TableDescription table) {
    TableInfo info = table.info();
    begin("TABLE_INFO");
    fact("table_name", info.name());
    fact("database", info.database());
    fact("table_id", info.tableId());
    fact("table_type", info.tableType());
    fact("status", info.status());
    fact("schema_version", info.schemaVersion());
    fact("strategy", info.strategy());
    fact("shard_key", String.join(", ", table.shardKey()));
    fact("shards", info.shards());
    fact("partitions", info.partitions());
    fact("epoch", table.epoch());
    fact("change_log_id", info.changeLogId());
    fact("log_topic", table.logTopic());
    fact("created_at", table.createdAt());
    fact("block_size", table.blockSize());
    fact("ttl_seconds", table.ttlSeconds());
    fact("from_table", table.fromTable());
    fact("to_table", table.toTable());
    fact("comment", info.comment());
    fact("replicas", info.replicas());
  }

  private void shards(List<ShardInfo> shards) {
    begin("SHARDS");
    for (ShardInfo shard : shards) {
      line(shard.id() + "", shard.status(), detail(shard), null);
    }
  }

  private static String detail(ShardInfo shard) {
    return "node "
        + shard.nodeId()
        + ", virtual shards "
        + shard.virtualShards()
        + (shard.keyRange() == null ? "" : ", keys " + shard.keyRange())
        + (shard.role().equals("owner") ? "" : ", " + shard.role());
  }

  private void indexes(TableDescription table) {
    begin("INDEXES");
    line("PRIMARY KEY", "ready", String.join(", ", table.primaryKey()), null);
    for (IndexInfo index : table.indexes()) {
      String columns = String.join(", ", index.columns());
      line(
          index.name(),
          index.status(),
          index.type().equals("unique") ? "UNIQUE " + columns : columns,
          index.comment());
    }
  }

  private void columns(TableDescription table) {
    begin("COLUMNS");
    for (ColumnInfo column : table.columns()) {
      Object byDefault = column.defaultValue();
      rows.add(
          Reports.row(
              section,
              ++ordinal,
              column.name(),
              column.type(),
              constraints(column),
              (long) column.id(),
              column.nullable() ? "YES" : "NO",
              byDefault == null ? null : SqlText.literal(byDefault),
              key(column),
              column.comment(),
              (long) table.info().schemaVersion()));
    }
  }

  private static @Nullable String key(ColumnInfo column) {
    if (column.inShardKey()) {
      return "SHARD, PRIMARY"; // the primary key contains the shard key
    }
    return column.inPrimaryKey() ? "PRIMARY" : null;
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

  private void begin(String name) {
    section = name;
    ordinal = 0;
  }

  private void fact(String name, @Nullable Object value) {
    line(name, value == null ? null : value.toString(), null, null);
  }

  private void line(
      String name, @Nullable String value, @Nullable String detail, @Nullable String comment) {
    rows.add(
        Reports.row(
            section, ++ordinal, name, value, detail, null, null, null, null, comment, null));
  }
}
