package dev.shardstream.streams.placement;

import dev.shardstream.schemas.event.Node;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.ShardReports;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Observes heartbeats by one clock. A node counts as heard of when its heartbeat changes, or comes
 * while others were observed already; what was there when the watch began may be of long ago, so it
 * starts everybody's silence but is no sign of life. A control plane that starts again therefore
 * declares nobody lost at once, and puts no new shard on a node before it has spoken.
 */
public final class NodeWatch {
  private long since;
  private final Limits limits;
  private final Map<String, Sight> sights = new HashMap<>();
  private boolean hasObserved;

  private record Sight(
      Node node, ShardReports reports, long changedAt, boolean heard, long upSince) {}

  /**
   * @param now milliseconds since the epoch
   * @param limits says which silence breaks the observation of a node
   */
  public NodeWatch(long now, Limits limits) {
    this.since = now;
    this.limits = limits;
  }

  /**
   * Takes in the last heartbeat of every node.
   *
   * @param now milliseconds since the epoch, not before the last one given
   */
  public Cluster observe(Collection<Node> heartbeats, long now) {
    Map<String, Sight> before = new HashMap<>(sights);
    sights.clear();
    TreeMap<String, Cluster.Seen> seen = new TreeMap<>();
    for (Node node : heartbeats) {
      Sight sight = sight(before.get(node.getNodeId()), node, now);
      sights.put(node.getNodeId(), sight);
      seen.put(
          node.getNodeId(),
          new Cluster.Seen(
              node,
              now - sight.changedAt(),
              sight.heard(),
              now - sight.upSince(),
              sight.reports()));
    }
    hasObserved = true;
    return new Cluster(now - since, seen);
  }

  /**
   * Tells that the observer itself was away: nobody's silence is counted for that time, and nobody
   * counts as heard of, or as observed for long, before it speaks again.
   *
   * @param millis what is not counted
   * @param now milliseconds since the epoch
   */
  public void wasAway(long millis, long now) {
    since += millis;
    hasObserved = false;
    sights.replaceAll(
        (id, sight) ->
            new Sight(sight.node(), sight.reports(), sight.changedAt() + millis, false, now));
  }

  private Sight sight(@Nullable Sight last, Node node, long now) {
    if (last == null) {
      return new Sight(node, ShardReports.of(node), now, hasObserved, now);
    }
    boolean restarted = !last.node().getIncarnation().equals(node.getIncarnation());
    if (restarted || last.node().getHeartbeatAt() != node.getHeartbeatAt()) {
      // What comes after a long silence may have been on its way all the time.
      boolean broken = restarted || now - last.changedAt() >= limits.taskTimeout();
      return new Sight(node, ShardReports.of(node), now, true, broken ? now : last.upSince());
    }
    return last;
  }
}
