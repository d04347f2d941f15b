package dev.shardstream.streams.placement;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The active shards that hold the same rows, each on another node.
 *
 * @param owner the one that counts
 * @param holders all of them, by id
 */
public record Group(Shard owner, List<Shard> holders) {
  /** The groups of a table, by the ids of their owners. */
  public static List<Group> of(Topology topology) {
    Map<Holding, List<Shard>> holders = new HashMap<>();
    for (Shard shard : topology.getShards()) {
      if (shard.getStatus() == ShardStatus.ACTIVE) {
        holders.computeIfAbsent(Holding.of(shard), r -> new ArrayList<>()).add(shard);
      }
    }
    return Tables.owners(topology).stream()
        .map(owner -> new Group(owner, List.copyOf(holders.get(Holding.of(owner)))))
        .toList();
  }

  /** The group of an active shard. */
  public static Group of(Topology topology, Shard holder) {
    return of(topology).stream()
        .filter(g -> Tables.haveTheSame(g.owner(), holder))
        .findFirst()
        .orElseThrow();
  }

  /** The owners of the rows that some active shards hold, each once, by id. */
  public static List<Shard> owners(Topology topology, Collection<Shard> holders) {
    Set<Holding> rows = holders.stream().map(Holding::of).collect(Collectors.toSet());
    return Tables.owners(topology).stream().filter(o -> rows.contains(Holding.of(o))).toList();
  }

  /** Those that are not the owner, by id. */
  public List<Shard> replicas() {
    return holders.stream().filter(s -> s.getRole() == ShardRole.REPLICA).toList();
  }

  /** The nodes that hold its rows. */
  public Set<String> nodes() {
    return holders.stream().map(Shard::getNodeId).collect(Collectors.toSet());
  }
}
