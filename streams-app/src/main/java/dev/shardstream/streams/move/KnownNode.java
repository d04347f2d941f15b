package dev.shardstream.streams.move;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A node that somebody names. */
final class KnownNode {
  private KnownNode() {}

  /**
   * What to wait for before it can be said whether there is such a node: a control plane that has
   * just started has looked at no heartbeat yet.
   *
   * @throws ShardstreamException NODE_NOT_FOUND
   */
  static Optional<String> require(Turn turn, String nodeId) {
    boolean isKnown =
        turn.cluster().node(nodeId).isPresent()
            || turn.state().movements().drained().contains(nodeId)
            || shards(turn).anyMatch(s -> s.getNodeId().equals(nodeId));
    if (isKnown) {
      return Optional.empty();
    }
    if (turn.cluster().nodes().isEmpty()) {
      return Optional.of("the heartbeat of any node");
    }
    throw new ShardstreamException(ErrorCode.NODE_NOT_FOUND, nodeId);
  }

  /** All shards of the database, of any status. */
  static Stream<Shard> shards(Turn turn) {
    return turn.state().topologies().stream().map(Topology::getShards).flatMap(List::stream);
  }
}
