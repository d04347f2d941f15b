package dev.shardstream.producer.api;

import dev.shardstream.producer.api.TableDescription.ColumnInfo;
import dev.shardstream.producer.api.TableDescription.ShardInfo;
import dev.shardstream.producer.ddl.ColumnTypes;
import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.contract.Topics;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.PartitionLag;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.row.StoredValues;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a snapshot says of tables, in the words of the API. Pure. */
final class TableFacts {
  private TableFacts() {}

  static TableInfo info(MetadataSnapshot snapshot, Table table) {
    Optional<Topology> topology = topology(snapshot, table);
    return new TableInfo(
        table.getName(),
        table.getDatabase(),
        topology.map(t -> Tables.owners(t).size()).orElse(0),
        table.getPartitions(),
        lower(table.getStrategy()),
        table.getSchemaVersion(),
        lower(table.getStatus()),
        table.getTableId(),
        topology.map(Topology::getChangeLogId).orElse(null),
        capitalised(table.getType()),
        table.getComment(),
        table.getReplicas());
  }

  static TableDescription description(MetadataSnapshot snapshot, Table table, Topics topics) {
    return new TableDescription(
        info(snapshot, table),
        Tables.primaryKey(table).stream().map(Column::getName).toList(),
        Tables.shardKey(table).stream().map(Column::getName).toList(),
        topology(snapshot, table).map(Topology::getEpoch).orElse(0),
        time(table.getCreatedAt()),
        topics.log(Tables.id(table)),
        table.getBlockSize(),
        table.getTtlSeconds(),
        table.getFromTable(),
        table.getToTable(),
        columns(table),
        indexes(table),
        shards(snapshot, table).stream().map(TableFacts::shard).toList());
  }

  private static List<ColumnInfo> columns(Table table) {
    return table.getColumns().stream().map(column -> column(table, column)).toList();
  }

  private static ColumnInfo column(Table table, Column column) {
    boolean inKey = table.getPrimaryKey().contains(column.getId());
    return new ColumnInfo(
        column.getId(),
        column.getName(),
        ColumnTypes.text(column),
        column.getNullable() && !inKey,
        StoredValues.ofDefault(column),
        inKey,
        table.getShardKey().contains(column.getId()),
        column.getComment());
  }

  static List<IndexInfo> indexes(Table table) {
    return table.getIndexes().stream().map(index -> index(table, index)).toList();
  }

  private static IndexInfo index(Table table, Index index) {
    return new IndexInfo(
        index.getName(),
        index.getColumns().stream().map(id -> Tables.column(table, id).getName()).toList(),
        index.getUnique() ? "unique" : "hash",
        lower(index.getStatus()),
        index.getError(),
        index.getComment());
  }

  static SchemaState schema(MetadataSnapshot snapshot, String database) {
    Map<String, SchemaState.TableSchema> tables = new LinkedHashMap<>();
    for (Table table : snapshot.tables(database)) {
      tables.put(
          table.getName().toLowerCase(Locale.ROOT),
          new SchemaState.TableSchema(
              table.getName(),
              table.getTableId(),
              table.getSchemaVersion(),
              columns(table),
              indexes(table)));
    }
    return new SchemaState(database, Collections.unmodifiableMap(tables));
  }

  /** All namespaces by name. */
  static List<NamespaceInfo> namespaces(MetadataSnapshot snapshot) {
    Map<String, Integer> tables = new HashMap<>();
    for (Table table : snapshot.tablesById().values()) {
      if (table.getStatus() != TableStatus.DROPPING) {
        tables.merge(table.getDatabase().toLowerCase(Locale.ROOT), 1, Integer::sum);
      }
    }
    Set<String> names = new TreeSet<>(snapshot.namespaces().keySet());
    names.add(MetadataSnapshot.DEFAULT_NAMESPACE);
    return names.stream()
        .map(
            name ->
                new NamespaceInfo(
                    name,
                    tables.getOrDefault(name, 0),
                    Optional.ofNullable(snapshot.namespaces().get(name))
                        .map(namespace -> time(namespace.getCreatedAt()))
                        .orElse(null)))
        .toList();
  }

  /**
   * The live queries that count, by the time when they began.
   *
   * @param now milliseconds since the epoch
   */
  static List<LiveQueryInfo> liveQueries(MetadataSnapshot snapshot, long now, Duration timeout) {
    return alive(snapshot, now, timeout)
        .sorted(Comparator.comparingLong(LiveQuery::getStartedAt).thenComparing(LiveQuery::getId))
        .map(query -> liveQuery(snapshot.tablesById().get(query.getTableId()), query))
        .toList();
  }

  /** How many live queries that count read a column. */
  static int liveQueries(
      MetadataSnapshot snapshot, long now, Duration timeout, String tableId, int columnId) {
    return (int)
        alive(snapshot, now, timeout)
            .filter(query -> query.getTableId().equals(tableId))
            .filter(query -> query.getColumns().contains(columnId))
            .count();
  }

  private static Stream<LiveQuery> alive(MetadataSnapshot snapshot, long now, Duration timeout) {
    return snapshot.liveQueries().values().stream()
        .filter(query -> query.getState() == LiveQueryState.ACTIVE)
        .filter(query -> now - query.getHeartbeatAt() < timeout.toMillis());
  }

  private static LiveQueryInfo liveQuery(@Nullable Table table, LiveQuery query) {
    List<String> columns =
        table == null
            ? List.of()
            : table.getColumns().stream()
                .filter(column -> query.getColumns().contains(column.getId()))
                .map(Column::getName)
                .toList();
    return new LiveQueryInfo(
        query.getId(),
        query.getDatabase(),
        table == null ? query.getTable() : table.getName(),
        query.getSql(),
        columns,
        query.getIssuedBy(),
        query.getStartedAt(),
        query.getHeartbeatAt());
  }

  static TableVersion version(SchemaVersion version) {
    return new TableVersion(
        version.getVersion(),
        time(version.getAt()),
        version.getChange(),
        version.getTable().getColumns().size(),
        version.getCommandId());
  }

  private static ShardInfo shard(Shard shard) {
    return new ShardInfo(
        shard.getId(),
        shard.getNodeId(),
        lower(shard.getStatus()),
        ShardRange.format(shard.getVirtualShards()),
        lower(shard.getRole()),
        keyRange(shard));
  }

  private static @Nullable String keyRange(Shard shard) {
    return shard.getRange() == null ? null : KeyRanges.text(shard.getRange());
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
        ShardRange.format(shard.getVirtualShards()),
        report.map(ShardReport::getRows).orElse(null),
        report.map(ShardReport::getBytes).orElse(null),
        report.map(TableFacts::lag).orElse(null),
        report.map(ShardReport::getSchemaVersion).orElse(null),
        report.map(ShardReport::getError).orElse(null),
        lower(shard.getRole()),
        keyRange(shard));
  }

  /** Offsets to the ends of its log; null before every end is known. */
  static @Nullable Long lag(ShardReport report) {
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

  static String capitalised(Enum<?> value) {
    return value.name().charAt(0) + lower(value).substring(1);
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
