package dev.shardstream.streams.move;

import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.placement.Roles;
import dev.shardstream.streams.state.Turn;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Spreads the owners of a table over the nodes that hold its rows: a replica on a node with fewer
 * owners becomes the owner. That is one topology record, and costs no move.
 */
final class OwnerSpread {
  private final Turn turn;
  private final Topology topology;
  private final Map<String, Integer> owners = new HashMap<>();
  private final Map<Integer, Integer> handedOn = new HashMap<>();

  private OwnerSpread(Turn turn, Topology topology) {
    this.turn = turn;
    this.topology = topology;
  }

  /** The next epoch of a table in which no reshard runs; empty when nothing is to be gained. */
  static Optional<Topology> next(Turn turn, Topology topology) {
    return new OwnerSpread(turn, topology).next();
  }

  private Optional<Topology> next() {
    for (Group group : Group.of(topology)) {
      owners.merge(group.owner().getNodeId(), 1, Integer::sum);
    }
    for (Group group : Group.of(topology)) {
      String from = group.owner().getNodeId();
      group.replicas().stream()
          .filter(r -> count(from) - count(r.getNodeId()) > 1)
          .filter(this::isReady)
          .min(Comparator.comparingInt(r -> count(r.getNodeId())))
          .ifPresent(
              replica -> {
                handedOn.put(group.owner().getId(), replica.getId());
                owners.merge(from, -1, Integer::sum);
                owners.merge(replica.getNodeId(), 1, Integer::sum);
              });
    }
    return handedOn.isEmpty() ? Optional.empty() : Optional.of(Roles.handedOn(topology, handedOn));
  }

  private int count(String nodeId) {
    return owners.getOrDefault(nodeId, 0);
  }

  /** As far as a target has to be at a switch. */
  private boolean isReady(Shard replica) {
    return Roles.lag(turn, topology, replica)
        .filter(lag -> lag <= turn.limits().lagBound())
        .isPresent();
  }
}
