package dev.shardstream.producer.api;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.ShardReport;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** What a snapshot says of nodes, in the words of the API. Pure. */
final class NodeFacts {
  private NodeFacts() {}

  /**
   * All nodes by id.
   *
   * @param now milliseconds since the epoch
   * @param timeout silence after which a node counts as silent
   */
  static List<NodeInfo> nodes(MetadataSnapshot snapshot, long now, Duration timeout) {
    return snapshot.nodes().values().stream()
        .sorted(Comparator.comparing(Node::getNodeId))
        .map(node -> info(node, now - node.getHeartbeatAt() >= timeout.toMillis()))
        .toList();
  }

  private static NodeInfo info(Node node, boolean silent) {
    return new NodeInfo(
        node.getNodeId(),
        silent ? "silent" : TableFacts.lower(node.getState()),
        node.getEndpoint(),
        node.getShards().size(),
        node.getShards().stream().mapToLong(ShardReport::getRows).sum(),
        node.getFreeBytes(),
        node.getCapacityBytes(),
        node.getHeartbeatAt());
  }
}
