package dev.shardstream.streams.placement;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.Turn;
import java.util.Optional;

/**
 * Whether a node takes new shards of a database.
 *
 * @param answer now, perhaps soon, or not
 * @param why in words, empty for {@link Answer#YES}
 */
public record Acceptance(Answer answer, String why) {
  /** What a node answers. */
  public enum Answer {
    YES,
    /** It was not heard of lately, and is not given up. */
    NOT_YET,
    NO
  }

  /** A node that is unknown does not take shards. */
  public static Acceptance of(Turn turn, String nodeId) {
    Cluster cluster = turn.cluster();
    Optional<Node> node = cluster.node(nodeId);
    if (turn.state().movements().drained().contains(nodeId)) {
      return new Acceptance(
          Answer.NO, "it is drained, UNDRAIN NODE '" + nodeId + "' lets it take shards again");
    } else if (node.isEmpty()) {
      return new Acceptance(Answer.NO, "it is unknown");
    } else if (node.get().getState() == NodeState.LEAVING) {
      return new Acceptance(Answer.NO, "it is leaving");
    }
    String silence = "it has sent no heartbeat for " + cluster.silentMillis(nodeId) / 1000 + " s";
    if (cluster.isLost(nodeId, turn.limits())) {
      return new Acceptance(Answer.NO, silence);
    }
    return cluster.placeable(turn.limits()).contains(nodeId)
        ? new Acceptance(Answer.YES, "")
        : new Acceptance(Answer.NOT_YET, "a heartbeat of node '" + nodeId + "'");
  }

  /** A node that may take shards soon: whoever chooses among nodes waits for it. */
  public static Optional<String> undecided(Turn turn) {
    return turn.cluster().nodes().keySet().stream()
        .filter(id -> of(turn, id).answer() == Answer.NOT_YET)
        .findFirst();
  }

  /**
   * Two shards of the same rows on one node would be lost together.
   *
   * @param shard an active one, which is to be on a node
   * @throws ShardstreamException NODE_NOT_PLACEABLE
   */
  public static void requireNoHolder(Topology topology, Shard shard, String nodeId) {
    Group.of(topology, shard).holders().stream()
        .filter(holder -> holder.getNodeId().equals(nodeId))
        .findFirst()
        .ifPresent(
            holder -> {
              throw new ShardstreamException(
                  ErrorCode.NODE_NOT_PLACEABLE,
                  nodeId,
                  "shard " + holder.getId() + " with the same rows is on it");
            });
  }

  /**
   * What to wait for before a table's shards can be put on nodes; empty when enough nodes take
   * shards. The first node is waited for, and those that were not heard of lately.
   *
   * @param replicas on how many nodes each row shall be
   * @throws ShardstreamException TOO_FEW_NODES
   */
  public static Optional<String> nodesToWaitFor(Turn turn, String table, int replicas) {
    int nodes = turn.placeable().size();
    if (nodes >= replicas) {
      return Optional.empty();
    } else if (nodes == 0) {
      return Optional.of(ErrorCode.NO_LIVE_NODE.text(table));
    }
    Optional<String> undecided = undecided(turn);
    if (undecided.isEmpty()) {
      throw new ShardstreamException(ErrorCode.TOO_FEW_NODES, table, replicas, nodes);
    }
    return undecided.map(id -> "waits for " + of(turn, id).why());
  }
}
