package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Cluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which shard of a table has what.
 *
 * @param tableId the table
 * @param epoch one more at every cutover
 * @param reshard id of the reshard that runs; null for none
 * @param shards all shards, also those of a running reshard
 */
public record TopologyBody(
    String tableId, int epoch, @Nullable String reshard, List<ShardBody> shards) {

  public static TopologyBody of(Topology topology, Cluster nodes) {
    return new TopologyBody(
        topology.getTableId(),
        topology.getEpoch(),
        topology.getChangeLogId(),
        topology.getShards().stream()
            .map(shard -> ShardBody.of(topology.getTableId(), shard, nodes))
            .toList());
  }
}
