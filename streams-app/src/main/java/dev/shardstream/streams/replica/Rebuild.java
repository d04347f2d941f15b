package dev.shardstream.streams.replica;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.placement.NodeChoice;
import dev.shardstream.streams.placement.TopologySize;
import dev.shardstream.streams.reshard.NewReshard;
import dev.shardstream.streams.reshard.ReshardPlans;
import dev.shardstream.streams.reshard.ReshardStart;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Turn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the replicas that are missing, by a reshard that copies from owners. A holder whose node
 * has been lost for long does not count; it is surplus when another has taken its place.
 */
final class Rebuild {
  private static final int MOST_DOUBLINGS = 10;

  private Rebuild() {}

  static void begin(Turn turn, Table table, Topology topology) {
    if (isAtItsLimit(turn) || turn.now() < notBefore(turn, table)) {
      return;
    }
    List<Shard> missing = new ArrayList<>();
    NodeChoice choice = new NodeChoice(turn);
    for (Group group : Group.of(topology)) {
      if (isSource(turn, table, group.owner())) {
        missing.addAll(
            replicas(
                turn, table, topology, group, choice, topology.getNextShardId() + missing.size()));
      }
    }
    // What does not fit beside the shards of lost nodes is made when these have left.
    List<Shard> targets = missing.isEmpty() ? List.of() : TopologySize.fitting(topology, missing);
    if (targets.isEmpty()) {
      return;
    }
    List<Shard> owners = Group.owners(topology, targets);
    NewReshard planned = new NewReshard(ReshardPurpose.REPLICATE, owners, targets, null, null);
    if (ReshardPlans.hasRoom(turn, table, planned)) {
      ReshardStart.begin(turn, "", id(turn, table, topology), table, planned);
    }
  }

  /** Unique, because shard ids are never used again; like {@code shop-t4.9}. */
  private static String id(Turn turn, Table table, Topology topology) {
    String number = table.getTableId().substring(table.getTableId().lastIndexOf('-') + 1);
    return turn.state().database() + "-t" + number + "." + topology.getNextShardId();
  }

  private static boolean isAtItsLimit(Turn turn) {
    long running =
        turn.state().reshards().stream()
            .filter(r -> r.getPurpose() == ReshardPurpose.REPLICATE)
            .count();
    return running >= turn.limits().tablesAtOnce();
  }

  private static boolean isSource(Turn turn, Table table, Shard owner) {
    return turn.cluster().isCurrent(owner.getNodeId(), turn.limits())
        && turn.cluster()
            .report(owner.getNodeId(), table.getTableId(), owner.getId())
            .map(ShardReport::getState)
            .filter(state -> state == ShardState.APPLYING)
            .isPresent();
  }

  private static List<Shard> replicas(
      Turn turn, Table table, Topology topology, Group group, NodeChoice choice, int firstId) {
    long there = group.holders().stream().filter(s -> !isGone(turn, s)).count();
    Set<String> taken = new HashSet<>(group.nodes());
    List<Shard> made = new ArrayList<>();
    for (long missing = table.getReplicas() - there; missing > 0; missing--) {
      Optional<String> node = choice.next(topology, group.owner(), taken);
      if (node.isPresent()) {
        taken.add(node.get());
        made.add(
            Shard.newBuilder(group.owner())
                .setId(firstId + made.size())
                .setNodeId(node.get())
                .setStatus(ShardStatus.PENDING)
                .setRole(ShardRole.REPLICA)
                .build());
      }
    }
    return made;
  }

  private static boolean isGone(Turn turn, Shard shard) {
    Limits limits = turn.limits();
    return turn.cluster().isLost(shard.getNodeId(), limits)
        && turn.cluster().silentMillis(shard.getNodeId()) >= limits.replicaRebuild();
  }

  /**
   * Another try after one that has failed or was cancelled comes later, each time twice as late.
   */
  private static long notBefore(Turn turn, Table table) {
    List<Reshard> ended = new ArrayList<>(turn.state().endedReshards(table.getTableId()));
    Collections.reverse(ended);
    List<Reshard> failed =
        ended.stream()
            .filter(r -> r.getPurpose() == ReshardPurpose.REPLICATE)
            .takeWhile(r -> r.getStatus() != ReshardStatus.COMPLETE)
            .toList();
    if (failed.isEmpty()) {
      return 0;
    }
    long wait = (turn.limits().taskTimeout() / 5) << Math.min(failed.size() - 1, MOST_DOUBLINGS);
    return failed.get(0).getUpdatedAt() + Math.min(2 * turn.limits().nodeTimeout(), wait);
  }
}
