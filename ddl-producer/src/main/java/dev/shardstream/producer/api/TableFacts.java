package dev.shardstream.producer.api;

import dev.shardstream.producer.api.TableDescription.ColumnInfo;
import dev.shardstream.producer.api.TableDescription.ShardInfo;
import dev.shardstream.producer.ddl.ColumnTypes;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.row.StoredValues;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a snapshot says of tables, in the words of the API. Pure. */
final class TableFacts {
  private TableFacts() {}

  static TableInfo info(MetadataSnapshot snapshot, Table table) {
    Optional<Topology> topology = topology(snapshot, table);
    return new TableInfo(
        table.getName(),
        table.getDatabase(),
        topology.map(t -> Tables.activeShards(t).size()).orElse(0),
        table.getPartitions(),
        lower(table.getStrategy()),
        table.getSchemaVersion(),
        lower(table.getStatus()),
        table.getTableId(),
        topology.map(Topology::getChangeLogId).orElse(null));
  }

  static TableDescription description(MetadataSnapshot snapshot, Table table, Topics topics) {
    return new TableDescription(
        info(snapshot, table),
        Tables.primaryKey(table).stream().map(Column::getName).toList(),
        Tables.shardKey(table).stream().map(Column::getName).toList(),
        topology(snapshot, table).map(Topology::getEpoch).orElse(0),
        time(table.getCreatedAt()),
        topics.log(Tables.id(table)),
        table.getColumns().stream().map(column -> column(table, column)).toList(),
        shards(snapshot, table).stream().map(TableFacts::shard).toList());
  }

  private static ColumnInfo column(Table table, Column column) {
    boolean inKey = table.getPrimaryKey().contains(column.getId());
    return new ColumnInfo(
        column.getName(),
        ColumnTypes.text(column),
        column.getNullable() && !inKey,
        StoredValues.ofDefault(column),
        inKey);
  }

  private static ShardInfo shard(Shard shard) {
    return new ShardInfo(
        shard.getId(),
        shard.getNodeId(),
        lower(shard.getStatus()),
        ShardRange.format(shard.getVirtualShards()));
  }

  static List<ShardStats> stats(MetadataSnapshot snapshot, Table table) {
    return shards(snapshot, table).stream()
        .map(shard -> stats(shard, report(snapshot, table, shard)))
        .toList();
  }

  private static Optional<ShardReport> report(MetadataSnapshot snapshot, Table table, Shard shard) {
    return snapshot
        .node(shard.getNodeId())
        .map(Node::getShards)
        .flatMap(
            reports ->
                reports.stream()
                    .filter(report -> report.getTableId().equals(table.getTableId()))
                    .filter(report -> report.getShardId() == shard.getId())
                    .findFirst());
  }

  private static ShardStats stats(Shard shard, Optional<ShardReport> report) {
    return new ShardStats(
        shard.getId(),
        shard.getNodeId(),
        lower(shard.getStatus()),
        report.map(r -> lower(r.getState())).orElse(null),
        shard.getVirtualShards().size(),
        report.map(ShardReport::getRows).orElse(null),
        report.map(ShardReport::getBytes).orElse(null),
        report.map(TableFacts::lag).orElse(null),
        report.map(ShardReport::getSchemaVersion).orElse(null),
        report.map(ShardReport::getError).orElse(null));
  }

  private static @Nullable Long lag(ShardReport report) {
    List<PartitionLag> partitions = report.getPartitions();
    if (partitions.isEmpty() || partitions.stream().anyMatch(p -> p.getEnd() < 0)) {
      return null;
    }
    return partitions.stream().mapToLong(p -> Math.max(0, p.getEnd() - p.getPosition())).sum();
  }

  private static List<Shard> shards(MetadataSnapshot snapshot, Table table) {
    return topology(snapshot, table)
        .map(Topology::getShards)
        .map(all -> all.stream().sorted(Comparator.comparingInt(Shard::getId)).toList())
        .orElse(List.of());
  }

  private static Optional<Topology> topology(MetadataSnapshot snapshot, Table table) {
    return Optional.ofNullable(snapshot.topologies().get(table.getTableId()));
  }

  /** A point in time as SQL shows it: UTC. */
  static String time(long millis) {
    return StoredValues.timestampText(
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(millis, 1000L),
            (int) Math.floorMod(millis, 1000L) * 1_000_000,
            ZoneOffset.UTC));
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
