package dev.shardstream.streams.placement;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Turn;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses nodes for shards of existing tables one after the other, and knows what it has put where.
 */
public final class NodeChoice {
  private final Turn turn;
  private final Map<String, Integer> load = new HashMap<>();
  private final Map<String, Map<String, Integer>> loadByTable = new HashMap<>();
  private final Map<String, Long> bytesTaken = new HashMap<>();

  public NodeChoice(Turn turn) {
    this.turn = turn;
    for (Topology topology : turn.state().topologies()) {
      topology.getShards().forEach(s -> load.merge(s.getNodeId(), 1, Integer::sum));
    }
  }

  /** How many shards of any status a node has, with those that were put there. */
  public int load(String nodeId) {
    return load.getOrDefault(nodeId, 0);
  }

  /**
   * The node that takes one more shard with the rows of another: one that has room for it if any
   * has, of these the one with the fewest shards of the table, then of all; empty when no node may
   * have it.
   *
   * @param excluded nodes that must not have it
   */
  public Optional<String> next(Topology topology, Shard original, Set<String> excluded) {
    Map<String, Integer> ofTable =
        loadByTable.computeIfAbsent(topology.getTableId(), id -> byNode(topology));
    long bytes = bytes(topology, original);
    Optional<String> chosen =
        turn.placeable().stream()
            .filter(n -> !excluded.contains(n))
            .min(
                Comparator.<String>comparingInt(n -> hasRoom(n, bytes) ? 0 : 1)
                    .thenComparingInt(n -> ofTable.getOrDefault(n, 0))
                    .thenComparingInt(this::load));
    chosen.ifPresent(
        node -> {
          bytesTaken.merge(node, bytes, Long::sum);
          ofTable.merge(node, 1, Integer::sum);
          load.merge(node, 1, Integer::sum);
        });
    return chosen;
  }

  private static Map<String, Integer> byNode(Topology topology) {
    Map<String, Integer> byNode = new HashMap<>();
    topology.getShards().forEach(s -> byNode.merge(s.getNodeId(), 1, Integer::sum));
    return byNode;
  }

  private long bytes(Topology topology, Shard shard) {
    return turn.cluster()
        .report(shard.getNodeId(), topology.getTableId(), shard.getId())
        .map(ShardReport::getBytes)
        .orElse(0L);
  }

  /** Twice its size is more than a reshard asks for. */
  private boolean hasRoom(String node, long bytes) {
    long free = turn.cluster().node(node).map(Node::getFreeBytes).orElse(0L);
    return 2 * (bytesTaken.getOrDefault(node, 0L) + bytes) <= free;
  }
}
