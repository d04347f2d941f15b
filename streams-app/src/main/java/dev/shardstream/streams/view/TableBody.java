package dev.shardstream.streams.view;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.ShardReports;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A table in a list.
 *
 * @param database database it is in
 * @param tableId unique for ever
 * @param name its name
 * @param type {@code Regular}, {@code Node}, {@code Edge} or {@code Stream}
 * @param strategy {@code hash} or {@code range}
 * @param status {@code creating}, {@code active} or {@code dropping}
 * @param schemaVersion from 1, one more for every change
 * @param partitions partitions of its log
 * @param replicas nodes that hold each row
 * @param shards shards that own rows; null before there are any
 * @param rows rows by the last heartbeats; null while a shard has not been heard of
 * @param bytes size of its owners' files; null while a shard has not been heard of
 * @param lag offsets to the end of the log, of the shard that is furthest behind; null while that
 *     is not known
 * @param reshard id of the reshard that runs; null for none
 * @param createdAt milliseconds since the epoch
 * @param comment null for none
 */
public record TableBody(
    String database,
    String tableId,
    String name,
    String type,
    String strategy,
    String status,
    int schemaVersion,
    int partitions,
    int replicas,
    @Nullable Integer shards,
    @Nullable Long rows,
    @Nullable Long bytes,
    @Nullable Long lag,
    @Nullable String reshard,
    long createdAt,
    @Nullable String comment) {

  /**
   * @param topology null before there is one
   */
  public static TableBody of(Table table, @Nullable Topology topology, Cluster nodes) {
    List<Shard> owners = topology == null ? List.of() : Tables.owners(topology);
    List<Optional<ShardReport>> reports =
        owners.stream()
            .map(shard -> nodes.report(shard.getNodeId(), table.getTableId(), shard.getId()))
            .toList();
    return new TableBody(
        table.getDatabase(),
        table.getTableId(),
        table.getName(),
        Tables.typeName(table.getType()),
        Words.of(table.getStrategy()),
        Words.of(table.getStatus()),
        table.getSchemaVersion(),
        table.getPartitions(),
        table.getReplicas(),
        owners.isEmpty() ? null : (Integer) owners.size(),
        sum(reports, ShardReport::getRows),
        sum(reports, ShardReport::getBytes),
        lag(reports),
        topology == null ? null : topology.getChangeLogId(),
        table.getCreatedAt(),
        table.getComment());
  }

  private static @Nullable Long sum(
      List<Optional<ShardReport>> reports, ToLongFunction<ShardReport> value) {
    if (reports.isEmpty() || reports.stream().anyMatch(Optional::isEmpty)) {
      return null;
    }
    return reports.stream().flatMap(Optional::stream).mapToLong(value).sum();
  }

  private static @Nullable Long lag(List<Optional<ShardReport>> reports) {
    List<Long> lags =
        reports.stream()
            .map(r -> r.map(ShardReports::lag).orElse(ShardReports.UNKNOWN_LAG))
            .toList();
    return lags.isEmpty() || lags.contains(ShardReports.UNKNOWN_LAG)
        ? null
        : lags.stream().filter(Objects::nonNull).max(Long::compare).orElse(null);
  }
}
