package dev.shardstream.producer.query;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.NodeState;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * In which order those are asked who hold the same rows: in turn, but last of all those that have
 * failed lately and those on nodes of which nothing is heard.
 *
 * <p>Whether something is heard of a node is judged by when this client saw its heartbeat change:
 * clocks of two machines are not compared. Safe for several threads.
 */
final class HolderOrder {
  private static final Duration FIRST_PENALTY = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  private final Duration nodeTimeout;
  private final LongSupplier nanoTime;
  private final Map<String, Turns> turns = new HashMap<>();
  private final Map<String, Penalty> penalties = new HashMap<>();
  private final Map<String, Heard> heard = new HashMap<>();
  private @Nullable MetadataSnapshot latest;

  /** Whose turn it was, by owner, since the topology has this epoch. */
  private record Turns(int epoch, Map<Integer, Integer> byOwner) {}

  /**
   * @param failures in a row
   * @param until nanoseconds
   */
  private record Penalty(int failures, long until) {}

  /**
   * @param heartbeat the node's own time and incarnation: another one is a sign of life
   * @param at nanoseconds
   */
  private record Heard(List<Object> heartbeat, long at) {}

  /**
   * @param nodeTimeout silence after which a node counts as lost
   */
  HolderOrder(Duration nodeTimeout, LongSupplier nanoTime) {
    this.nodeTimeout = nodeTimeout;
    this.nanoTime = nanoTime;
  }

  /** All holders of an owner's rows, the first to ask first. */
  synchronized List<Shard> of(MetadataSnapshot metadata, String tableId, Shard owner) {
    Topology topology = Objects.requireNonNull(metadata.topologies().get(tableId));
    List<Shard> holders = Tables.holders(topology, owner);
    listen(metadata);
    if (holders.size() < 2) {
      return holders;
    }
    List<Shard> first = new ArrayList<>();
    List<Shard> failing = new ArrayList<>();
    List<Shard> silent = new ArrayList<>();
    for (Shard holder : holders) {
      if (!isCurrent(metadata, holder)) {
        silent.add(holder);
      } else if (isPunished(metadata, tableId, holder)) {
        failing.add(holder);
      } else {
        first.add(holder);
      }
    }
    Collections.rotate(first, -turn(topology, owner, first.size()));
    first.addAll(failing);
    first.addAll(silent);
    return first;
  }

  private int turn(Topology topology, Shard owner, int holders) {
    Turns known = turns.get(topology.getTableId());
    if (known == null || known.epoch() != topology.getEpoch()) {
      known = new Turns(topology.getEpoch(), new HashMap<>());
      turns.put(topology.getTableId(), known);
    }
    int turn = known.byOwner().merge(owner.getId(), 1, (now, one) -> (now + one) & 0xffff);
    return holders == 0 ? 0 : turn % holders;
  }

  /** Every snapshot is looked at once: heartbeats make most of them. */
  private void listen(MetadataSnapshot metadata) {
    if (metadata == latest) {
      return;
    }
    latest = metadata;
    long now = nanoTime.getAsLong();
    metadata
        .nodes()
        .forEach(
            (id, node) -> {
              List<Object> heartbeat = List.of(node.getIncarnation(), node.getHeartbeatAt());
              Heard before = heard.get(id);
              if (before == null || !before.heartbeat().equals(heartbeat)) {
                heard.put(id, new Heard(heartbeat, now));
              }
            });
    heard.keySet().retainAll(metadata.nodes().keySet());
  }

  private boolean isCurrent(MetadataSnapshot metadata, Shard holder) {
    Heard last = heard.get(holder.getNodeId());
    return last != null
        && nanoTime.getAsLong() - last.at() < nodeTimeout.toNanos()
        && metadata.node(holder.getNodeId()).map(Node::getState).orElseThrow() == NodeState.UP;
  }

  private boolean isPunished(MetadataSnapshot metadata, String tableId, Shard holder) {
    return isPunished(ofNode(metadata, holder.getNodeId()))
        || isPunished(Tables.shardName(tableId, holder.getId()));
  }

  private boolean isPunished(String whom) {
    Penalty penalty = penalties.get(whom);
    return penalty != null && penalty.until() - nanoTime.getAsLong() > 0;
  }

  /** A node that starts again is another one. */
  private static String ofNode(MetadataSnapshot metadata, String nodeId) {
    return nodeId + " " + metadata.node(nodeId).map(Node::getIncarnation).orElse("");
  }

  synchronized void answered(MetadataSnapshot metadata, ShardAddress holder) {
    if (!penalties.isEmpty()) {
      penalties.remove(ofNode(metadata, holder.nodeId()));
      penalties.remove(holder.shardName());
    }
  }

  /** A shard did not do what it was asked, but its node answered. */
  synchronized void failed(ShardAddress holder) {
    punish(holder.shardName());
  }

  /** A node did not answer: none of its shards will. */
  synchronized void unreachable(MetadataSnapshot metadata, ShardAddress holder) {
    punish(ofNode(metadata, holder.nodeId()));
  }

  private void punish(String whom) {
    long now = nanoTime.getAsLong();
    Penalty before = penalties.get(whom);
    int failures = before == null ? 0 : Math.min(before.failures() + 1, MOST_DOUBLINGS);
    Duration length = FIRST_PENALTY.multipliedBy(1L << failures);
    penalties.put(whom, new Penalty(failures, now + length.toNanos()));
    Duration longest = FIRST_PENALTY.multipliedBy(1L << MOST_DOUBLINGS);
    penalties.values().removeIf(each -> now - each.until() > longest.toNanos());
  }
}
