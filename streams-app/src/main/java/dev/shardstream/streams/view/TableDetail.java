package dev.shardstream.streams.view;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Cluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table with all that is known of it.
 *
 * @param table as in the list
 * @param columns in the table's order
 * @param primaryKey names in key order
 * @param shardKey names in key order
 * @param indexes by id
 * @param blockSize rows that are read and sent at once
 * @param ttlSeconds how long a row of a stream table lives; null for ever
 * @param topology its shards; null before there are any
 */
public record TableDetail(
    TableBody table,
    List<ColumnBody> columns,
    List<String> primaryKey,
    List<String> shardKey,
    List<IndexBody> indexes,
    int blockSize,
    @Nullable Long ttlSeconds,
    @Nullable TopologyBody topology) {

  /**
   * @param topology null before there is one
   */
  public static TableDetail of(Table table, @Nullable Topology topology, Cluster nodes) {
    return new TableDetail(
        TableBody.of(table, topology, nodes),
        table.getColumns().stream().map(ColumnBody::of).toList(),
        Tables.primaryKey(table).stream().map(Column::getName).toList(),
        Tables.shardKey(table).stream().map(Column::getName).toList(),
        table.getIndexes().stream().map(index -> IndexBody.of(table, index)).toList(),
        table.getBlockSize(),
        table.getTtlSeconds(),
        topology == null ? null : TopologyBody.of(topology, nodes));
  }
}
