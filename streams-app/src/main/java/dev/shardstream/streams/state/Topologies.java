package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.Topology;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which shards the tables have, and which tables have replicas. */
final class Topologies {
  private final SortedMap<String, Topology> byTable = new TreeMap<>();
  private final NavigableSet<String> replicated = new TreeSet<>();
  private final ActiveShards active = new ActiveShards();

  void put(Topology topology) {
    Topology before = byTable.put(topology.getTableId(), topology);
    if (before != null) {
      active.remove(before);
    }
    active.add(topology);
    boolean hasReplicas =
        topology.getShards().stream().anyMatch(s -> s.getRole() == ShardRole.REPLICA);
    if (hasReplicas) {
      replicated.add(topology.getTableId());
    } else {
      replicated.remove(topology.getTableId());
    }
  }

  void remove(String tableId) {
    Topology gone = byTable.remove(tableId);
    if (gone != null) {
      active.remove(gone);
    }
    replicated.remove(tableId);
  }

  Optional<Topology> byTable(String tableId) {
    return Optional.ofNullable(byTable.get(tableId));
  }

  Collection<Topology> all() {
    return Collections.unmodifiableCollection(byTable.values());
  }

  /** The shards that are read, by node. */
  ActiveShards active() {
    return active;
  }

  /** Ids of the tables that have a shard which is a replica. */
  NavigableSet<String> replicated() {
    return Collections.unmodifiableNavigableSet(replicated);
  }
}
