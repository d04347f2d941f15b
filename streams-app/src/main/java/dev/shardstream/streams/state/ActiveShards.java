package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The shards that are read, by node: what a node should have is compared with what it reports once
 * per heartbeat, and not with every look at the time.
 */
final class ActiveShards {
  private final Map<String, NavigableMap<String, Set<Integer>>> byNode = new HashMap<>();
  private final Map<String, Compared> compared = new HashMap<>();

  /** What came out when a node was compared with a heartbeat. */
  private record Compared(ShardReports reports, NavigableSet<String> tables) {}

  void add(Topology topology) {
    for (Shard shard : topology.getShards()) {
      if (shard.getStatus() == ShardStatus.ACTIVE) {
        byNode
            .computeIfAbsent(shard.getNodeId(), n -> new TreeMap<>())
            .computeIfAbsent(topology.getTableId(), t -> new HashSet<>())
            .add(shard.getId());
        compared.remove(shard.getNodeId());
      }
    }
  }

  void remove(Topology topology) {
    for (Shard shard : topology.getShards()) {
      NavigableMap<String, Set<Integer>> tables = byNode.get(shard.getNodeId());
      if (tables != null) {
        tables.remove(topology.getTableId());
        compared.remove(shard.getNodeId());
        if (tables.isEmpty()) {
          byNode.remove(shard.getNodeId());
        }
      }
    }
  }

  /** The nodes that have any. */
  Set<String> nodes() {
    return Collections.unmodifiableSet(byNode.keySet());
  }

  /** Ids of the tables of which a node has any. */
  NavigableSet<String> tables(String nodeId) {
    return Collections.unmodifiableNavigableSet(
        byNode.getOrDefault(nodeId, Collections.emptyNavigableMap()).navigableKeySet());
  }

  /**
   * Ids of the tables of which a heartbeat does not name all, or names one that waits for copies.
   */
  NavigableSet<String> missing(String nodeId, ShardReports reports) {
    Compared last = compared.get(nodeId);
    if (last == null || last.reports() != reports) {
      last = new Compared(reports, compare(nodeId, reports));
      compared.put(nodeId, last);
    }
    return last.tables();
  }

  private NavigableSet<String> compare(String nodeId, ShardReports reports) {
    NavigableSet<String> missing = new TreeSet<>();
    byNode
        .getOrDefault(nodeId, Collections.emptyNavigableMap())
        .forEach(
            (tableId, shards) -> {
              if (!shards.stream().allMatch(id -> isHeld(reports.find(tableId, id)))) {
                missing.add(tableId);
              }
            });
    return missing;
  }

  /** One that waits for copies has lost its rows: only a shard that nobody reads yet does that. */
  private static boolean isHeld(Optional<ShardReport> report) {
    return report.filter(r -> r.getState() != ShardState.COPYING).isPresent();
  }
}
