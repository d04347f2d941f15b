package dev.shardstream.streams.replica;

import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.ShardReports;
import dev.shardstream.streams.state.Turn;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes another holder of the same rows the owner where the owner's node is lost: one topology
 * record, nothing is copied. The one that was the owner is a replica when it comes back, and
 * applies the log like any other.
 */
final class Promotion {
  private Promotion() {}

  static void promote(Turn turn, Topology topology) {
    Map<Integer, ShardRole> roles = new HashMap<>();
    for (Group group : Group.of(topology)) {
      if (turn.cluster().isLost(group.owner().getNodeId(), turn.limits())) {
        successor(turn, topology, group)
            .ifPresent(
                shard -> {
                  roles.put(group.owner().getId(), ShardRole.REPLICA);
                  roles.put(shard.getId(), ShardRole.OWNER);
                });
      }
    }
    if (!roles.isEmpty()) {
      List<Shard> shards =
          topology.getShards().stream()
              .map(s -> Shard.newBuilder(s).setRole(roles.getOrDefault(s.getId(), s.getRole())))
              .map(Shard.Builder::build)
              .toList();
      turn.emit(
          new Decision.TopologyStored(
              Topology.newBuilder(topology)
                  .setEpoch(topology.getEpoch() + 1)
                  .setShards(shards)
                  .build()));
    }
  }

  /** The replica that applies the log on a live node and is closest to its end. */
  private static Optional<Shard> successor(Turn turn, Topology topology, Group group) {
    return group.replicas().stream()
        .filter(r -> lag(turn, topology, r).isPresent())
        .min(
            Comparator.<Shard>comparingLong(r -> lag(turn, topology, r).orElseThrow())
                .thenComparing(Shard::getId));
  }

  /** Offsets to the end; one that does not know the end is behind all that do. */
  private static Optional<Long> lag(Turn turn, Topology topology, Shard shard) {
    return Optional.of(shard.getNodeId())
        .filter(node -> turn.cluster().isCurrent(node, turn.limits()))
        .flatMap(node -> turn.cluster().report(node, topology.getTableId(), shard.getId()))
        .filter(report -> report.getState() == ShardState.APPLYING)
        .map(Promotion::lag);
  }

  private static long lag(ShardReport report) {
    long lag = ShardReports.lag(report);
    return lag == ShardReports.UNKNOWN_LAG ? Long.MAX_VALUE : lag;
  }
}
