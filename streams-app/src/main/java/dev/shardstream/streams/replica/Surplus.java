package dev.shardstream.streams.replica;

import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.catalog.TableDrop;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.placement.Roles;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Drops replicas that are too many: one topology record without them, and their nodes are told. A
 * node that is lost is told again when it is back and still has them ({@link Orphans}).
 */
final class Surplus {
  private Surplus() {}

  static void drop(Turn turn, Table table, Topology topology) {
    List<Shard> surplus =
        Group.of(topology).stream().flatMap(g -> surplus(turn, table, topology, g)).toList();
    if (surplus.isEmpty()) {
      return;
    }
    turn.emit(
        new Decision.TopologyStored(
            Topology.newBuilder(topology)
                .setEpoch(topology.getEpoch() + 1)
                .setShards(topology.getShards().stream().filter(s -> !surplus.contains(s)).toList())
                .build()));
    surplus.forEach(shard -> TableDrop.dropShard(turn, table.getTableId(), shard, null));
  }

  /**
   * None while the owner is away or has lost its rows: a replica may be all that is left of them.
   */
  private static Stream<Shard> surplus(Turn turn, Table table, Topology topology, Group group) {
    if (Roles.lag(turn, topology, group.owner()).isEmpty()) {
      return Stream.of();
    }
    return group.replicas().stream()
        .sorted(
            Comparator.<Shard>comparingInt(r -> usefulness(turn, topology, r))
                .thenComparing(Comparator.comparing(Shard::getId).reversed()))
        .limit(Math.max(0, group.holders().size() - table.getReplicas()));
  }

  private static int usefulness(Turn turn, Topology topology, Shard replica) {
    if (turn.cluster().isLost(replica.getNodeId(), turn.limits())) {
      return 0;
    }
    return Roles.lag(turn, topology, replica).isEmpty() ? 1 : 2;
  }
}
