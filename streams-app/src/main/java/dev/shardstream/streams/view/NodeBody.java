package dev.shardstream.streams.view;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.Limits;
import java.util.List;

/**
 * A node.
 *
 * @param nodeId its name
 * @param endpoint URL of its HTTP server
 * @param state {@code up}; {@code leaving} when it has said that it stops; {@code silent} when it
 *     has sent no heartbeat for longer than tasks wait; {@code lost} when that is longer than
 *     reshards wait
 * @param silentMillis time since its last heartbeat came in
 * @param heartbeatAt when it sent that, milliseconds since the epoch, by its own clock
 * @param freeBytes free space of its data directory
 * @param capacityBytes size of the file system of its data directory
 * @param shards what it says of its shards
 */
public record NodeBody(
    String nodeId,
    String endpoint,
    String state,
    long silentMillis,
    long heartbeatAt,
    long freeBytes,
    long capacityBytes,
    List<ShardReportBody> shards) {

  /** All nodes, by name. */
  public static List<NodeBody> all(Cluster nodes, Limits limits) {
    return nodes.nodes().values().stream().map(seen -> of(nodes, seen, limits)).toList();
  }

  private static NodeBody of(Cluster nodes, Cluster.Seen seen, Limits limits) {
    Node node = seen.node();
    return new NodeBody(
        node.getNodeId(),
        node.getEndpoint(),
        state(nodes, node, limits),
        seen.silentMillis(),
        node.getHeartbeatAt(),
        node.getFreeBytes(),
        node.getCapacityBytes(),
        node.getShards().stream().map(ShardReportBody::of).toList());
  }

  private static String state(Cluster nodes, Node node, Limits limits) {
    if (nodes.isLost(node.getNodeId(), limits)) {
      return "lost";
    }
    if (node.getState() == NodeState.LEAVING) {
      return "leaving";
    }
    return nodes.isCurrent(node.getNodeId(), limits) ? "up" : "silent";
  }
}
