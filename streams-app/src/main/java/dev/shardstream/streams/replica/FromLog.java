package dev.shardstream.streams.replica;

import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.placement.NodeChoice;
import dev.shardstream.streams.placement.TopologySize;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a replica of rows that are only on nodes which are gone for good. There is nothing to copy
 * it from and nothing to compare it with, so it begins with the log's first record; it serves when
 * it has caught up, then it becomes the owner ({@link Promotion}), and what is on the nodes that
 * are gone is surplus. A node that comes back earlier goes on as if nothing had been begun.
 */
final class FromLog {
  private FromLog() {}

  static void begin(Turn turn, Topology topology) {
    NodeChoice choice = new NodeChoice(turn);
    List<Shard> made = new ArrayList<>();
    for (Group group : Group.of(topology)) {
      if (isGoneForGood(turn, group)) {
        choice
            .next(topology, group.owner(), group.nodes())
            .ifPresent(
                node ->
                    made.add(
                        Shard.newBuilder(group.owner())
                            .setId(topology.getNextShardId() + made.size())
                            .setNodeId(node)
                            .setStatus(ShardStatus.ACTIVE)
                            .setRole(ShardRole.REPLICA)
                            .build()));
      }
    }
    List<Shard> fitting = made.isEmpty() ? made : TopologySize.fitting(topology, made);
    if (!fitting.isEmpty()) {
      begin(turn, topology, fitting);
    }
  }

  private static boolean isGoneForGood(Turn turn, Group group) {
    return group.holders().stream()
        .allMatch(
            shard -> LostRows.isGoneForGood(turn.cluster(), turn.limits(), shard.getNodeId()));
  }

  private static void begin(Turn turn, Topology topology, List<Shard> made) {
    List<Shard> shards = new ArrayList<>(topology.getShards());
    shards.addAll(made);
    turn.emit(
        new Decision.TopologyStored(
            Topology.newBuilder(topology)
                .setEpoch(topology.getEpoch() + 1)
                .setShards(shards)
                .setNextShardId(topology.getNextShardId() + made.size())
                .build()));
    made.forEach(shard -> LostRows.ask(turn, topology, shard));
  }
}
