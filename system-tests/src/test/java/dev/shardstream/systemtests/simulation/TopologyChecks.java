package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.serde.Events;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What must hold of one topology by itself, and of two that follow each other. */
final class TopologyChecks {
  private static final List<Integer> ALL = new ShardRange(0, 255).virtualShards();

  static {
    Events.trust(Shard.class);
  }

  private TopologyChecks() {}

  /** The shards that are read, owners and replicas. */
  static List<Shard> active(Topology topology) {
    return topology.getShards().stream().filter(s -> s.getStatus() == ShardStatus.ACTIVE).toList();
  }

  /** I3: each key has one owner, and those who have an owner's rows are on nodes of their own. */
  static void assertDivided(Topology topology) {
    List<Shard> owners = Tables.owners(topology);
    boolean isDivided =
        owners.get(0).getRange() == null ? virtualShardsDivide(owners) : rangesDivide(owners);
    if (!isDivided) {
      throw new Violation("I3", "owners in " + topology);
    }
    int held = 0;
    for (Shard owner : owners) {
      Set<String> nodes = new HashSet<>();
      for (Shard holder : Tables.holders(topology, owner)) {
        held++;
        if (!nodes.add(holder.getNodeId())) {
          throw new Violation("Replicas", "two on node " + holder.getNodeId() + " in " + topology);
        }
        if (holder.getRole() == ShardRole.OWNER && holder.getId() != owner.getId()) {
          throw new Violation("I3", "two owners of the same in " + topology);
        }
      }
    }
    if (held != active(topology).size()) {
      throw new Violation("Replicas", "a replica of no owner in " + topology);
    }
  }

  private static boolean virtualShardsDivide(List<Shard> owners) {
    List<Integer> owned = new ArrayList<>();
    owners.forEach(s -> owned.addAll(s.getVirtualShards()));
    return owned.stream().sorted().toList().equals(ALL)
        && owners.stream().allMatch(s -> s.getRange() == null);
  }

  private static boolean rangesDivide(List<Shard> owners) {
    List<KeyRange> ranges =
        owners.stream()
            .map(s -> Objects.requireNonNull(s.getRange()))
            .sorted(Comparator.comparing(KeyRange::getFrom, TopologyChecks::compareFrom))
            .toList();
    ByteBuffer reached = null;
    for (int i = 0; i < ranges.size(); i++) {
      KeyRange range = ranges.get(i);
      boolean isLast = i == ranges.size() - 1;
      if (!Objects.equals(range.getFrom(), reached) || isLast != (range.getTo() == null)) {
        return false;
      }
      reached = range.getTo();
    }
    return owners.stream().allMatch(s -> s.getVirtualShards().equals(ALL));
  }

  private static int compareFrom(@Nullable ByteBuffer one, @Nullable ByteBuffer other) {
    if (one == null || other == null) {
      return one == other ? 0 : one == null ? -1 : 1;
    }
    return OrderedKey.compare(KeyRanges.bytes(one), KeyRanges.bytes(other));
  }

  /** Those who are read, or are owners, and were not before. */
  static List<Shard> came(Topology last, Topology next) {
    List<Shard> came = new ArrayList<>();
    for (Shard shard : active(next)) {
      boolean wasThere =
          active(last).stream()
              .filter(s -> s.getId() == shard.getId())
              .anyMatch(s -> s.getRole() == shard.getRole() || shard.getRole() != ShardRole.OWNER);
      if (!wasThere) {
        came.add(shard);
      }
    }
    return came;
  }

  /** Whether one that was read as a replica is an owner. */
  static boolean hasPromoted(Topology last, Topology next) {
    return Tables.owners(next).stream()
        .anyMatch(
            owner ->
                active(last).stream()
                    .anyMatch(s -> s.getId() == owner.getId() && s.getRole() == ShardRole.REPLICA));
  }

  /** Epochs count how often who is read has changed, and nothing else. */
  static void assertEpochFollows(Topology last, Topology next) {
    boolean changed = !Set.copyOf(active(last)).equals(Set.copyOf(active(next)));
    if (next.getEpoch() != last.getEpoch() + (changed ? 1 : 0)) {
      throw new Violation("I3", "epochs of " + last + " and then " + next);
    }
  }

  /** Whether the same shards are there; which of several holders is the owner does not count. */
  static boolean haveTheSameShards(Topology one, Topology other) {
    return withoutRoles(one).equals(withoutRoles(other));
  }

  private static Set<Shard> withoutRoles(Topology topology) {
    return topology.getShards().stream()
        .map(s -> Shard.newBuilder(s).setRole(ShardRole.REPLICA).build())
        .collect(Collectors.toSet());
  }

  /** What a mutant makes of a topology: replicas are where their owners are. */
  static Topology onNodesOfOwners(Topology topology) {
    List<Shard> shards = new ArrayList<>();
    for (Shard shard : topology.getShards()) {
      Shard moved = shard;
      for (Shard owner : Tables.owners(topology)) {
        if (Tables.haveTheSame(shard, owner)) {
          moved = Shard.newBuilder(shard).setNodeId(owner.getNodeId()).build();
        }
      }
      shards.add(moved);
    }
    return new Topology(
        topology.getDatabase(),
        topology.getTableId(),
        topology.getEpoch(),
        shards,
        topology.getNextShardId(),
        topology.getChangeLogId());
  }
}
