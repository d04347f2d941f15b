package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.ShardReport;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The nodes at one moment. How long a node was silent is measured by the observer's own clock from
 * the heartbeats that it saw come in; no other clock is trusted.
 *
 * @param observedMillis how long the observer has been watching
 * @param nodes by node id
 */
public record Cluster(long observedMillis, SortedMap<String, Seen> nodes) {

  /**
   * A node as it was last seen.
   *
   * @param node its last heartbeat
   * @param silentMillis time since that came in, or since the watch began for an older one
   * @param heard whether a heartbeat came in since the watch began
   * @param upMillis how long this incarnation of it has been observed without a long silence
   * @param reports what the heartbeat says of each shard
   */
  public record Seen(
      Node node, long silentMillis, boolean heard, long upMillis, ShardReports reports) {

    /** A node whose heartbeat nobody has looked into yet. */
    public Seen(Node node, long silentMillis, boolean heard, long upMillis) {
      this(node, silentMillis, heard, upMillis, ShardReports.of(node));
    }
  }

  /** Ids of the nodes that take new shards: heard of lately and not leaving. */
  public List<String> placeable(Limits limits) {
    return nodes.values().stream()
        .filter(s -> s.heard() && s.node().getState() == NodeState.UP)
        .filter(s -> s.silentMillis() < Math.min(limits.taskTimeout(), limits.nodeTimeout()))
        .map(s -> s.node().getNodeId())
        .toList();
  }

  /** Whether a node has been silent for longer than anyone waits. */
  public boolean isLost(String nodeId, Limits limits) {
    return silentMillis(nodeId) >= limits.nodeTimeout();
  }

  /** Whether a node's last heartbeat is recent enough to act on what it says. */
  public boolean isCurrent(String nodeId, Limits limits) {
    Seen seen = nodes.get(nodeId);
    return seen != null && seen.heard() && seen.silentMillis() < limits.taskTimeout();
  }

  /**
   * Whether a node has been up for so long, without a restart or a long silence, that its heartbeat
   * must name every shard that it has.
   */
  public boolean isSettled(String nodeId, Limits limits) {
    Seen seen = nodes.get(nodeId);
    return isCurrent(nodeId, limits) && seen != null && seen.upMillis() >= limits.taskTimeout();
  }

  /** How long a node has been silent; the whole watch for one never seen. */
  public long silentMillis(String nodeId) {
    Seen seen = nodes.get(nodeId);
    return seen == null ? observedMillis : seen.silentMillis();
  }

  public Optional<Node> node(String nodeId) {
    return Optional.ofNullable(nodes.get(nodeId)).map(Seen::node);
  }

  /** The incarnation that a node last named, null before it was seen. */
  public @Nullable String incarnation(@Nullable String nodeId) {
    return nodeId == null ? null : node(nodeId).map(Node::getIncarnation).orElse(null);
  }

  /** What a node says of a shard in its last heartbeat. */
  public Optional<ShardReport> report(String nodeId, String tableId, int shardId) {
    return Optional.ofNullable(nodes.get(nodeId))
        .flatMap(seen -> seen.reports().find(tableId, shardId));
  }

  /** The shards of a node that are behind by its last heartbeat, the furthest first. */
  public List<ShardReports.Behind> behind(String nodeId) {
    Seen seen = nodes.get(nodeId);
    return seen == null ? List.of() : seen.reports().behind();
  }
}
