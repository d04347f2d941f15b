package dev.shardstream.streams.placement;

import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.ShardReports;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who of a group is the owner. */
public final class Roles {
  private Roles() {}

  /**
   * The next epoch of a topology, in which other holders own their rows.
   *
   * @param owners id of the next owner by id of the owner until then
   */
  public static Topology handedOn(Topology topology, Map<Integer, Integer> owners) {
    List<Shard> shards =
        topology.getShards().stream()
            .map(
                shard ->
                    owners.containsKey(shard.getId())
                        ? with(shard, ShardRole.REPLICA)
                        : owners.containsValue(shard.getId())
                            ? with(shard, ShardRole.OWNER)
                            : shard)
            .toList();
    return Topology.newBuilder(topology)
        .setEpoch(topology.getEpoch() + 1)
        .setShards(shards)
        .build();
  }

  private static Shard with(Shard shard, ShardRole role) {
    return Shard.newBuilder(shard).setRole(role).build();
  }

  /**
   * Offsets to the end of the log of a holder that could be the owner; the most there can be when
   * it does not know the end. Empty for one that does not apply the log on a live node.
   */
  public static Optional<Long> lag(Turn turn, Topology topology, Shard shard) {
    return Optional.of(shard.getNodeId())
        .filter(node -> turn.cluster().isCurrent(node, turn.limits()))
        .flatMap(node -> turn.cluster().report(node, topology.getTableId(), shard.getId()))
        .filter(report -> report.getState() == ShardState.APPLYING)
        .map(ShardReports::lag)
        .map(lag -> lag == ShardReports.UNKNOWN_LAG ? Long.MAX_VALUE : lag);
  }
}
