package dev.shardstream.streams.replica;

import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.placement.Roles;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes another holder of the same rows the owner where the owner's node is lost, or has lost its
 * rows: one topology record, nothing is copied. The one that was the owner is a replica when it
 * comes back, and applies the log like any other.
 */
final class Promotion {
  private Promotion() {}

  static void promote(Turn turn, Topology topology) {
    Map<Integer, Integer> owners = new HashMap<>();
    for (Group group : Group.of(topology)) {
      if (!hasRows(turn, topology, group.owner())) {
        successor(turn, topology, group)
            .ifPresent(shard -> owners.put(group.owner().getId(), shard.getId()));
      }
    }
    if (!owners.isEmpty()) {
      turn.emit(new Decision.TopologyStored(Roles.handedOn(topology, owners)));
    }
  }

  /** An owner that is away for a moment keeps the role, and one that nothing is known of yet. */
  private static boolean hasRows(Turn turn, Topology topology, Shard owner) {
    return !turn.cluster().isLost(owner.getNodeId(), turn.limits())
        && !LostRows.areMissing(turn, topology, owner)
        && !LostRows.isFailed(turn, topology, owner);
  }

  /** The replica that applies the log on a live node and is closest to its end. */
  private static Optional<Shard> successor(Turn turn, Topology topology, Group group) {
    return group.replicas().stream()
        .filter(r -> Roles.lag(turn, topology, r).isPresent())
        .min(
            Comparator.<Shard>comparingLong(r -> Roles.lag(turn, topology, r).orElseThrow())
                .thenComparing(Shard::getId));
  }
}
