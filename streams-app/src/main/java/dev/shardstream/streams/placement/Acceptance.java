package dev.shardstream.streams.placement;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
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
}
