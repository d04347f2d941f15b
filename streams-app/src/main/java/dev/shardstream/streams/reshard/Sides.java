package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is compared of one virtual shard: the rows of all shards on the one side together must be
 * the rows of all shards on the other side together.
 *
 * @param sources ids of the shards that count, at least one
 * @param targets ids of the shards that are compared with them, at least one
 */
record Sides(int virtualShard, List<Integer> sources, List<Integer> targets) {
  private static final int ANY = -1;

  /**
   * What a verify of some virtual shards compares, by virtual shard: every target with the owner of
   * what it holds. Where a RANGE table is divided anew that is no single shard: all targets that
   * will own are compared with all owners whose keys they take, and each of their replicas with the
   * target that will own what it holds.
   */
  static List<Sides> of(Members members, Collection<Integer> virtualShards) {
    TreeSet<Integer> ascending = new TreeSet<>(virtualShards);
    return members.targets().stream().anyMatch(t -> t.getRange() != null)
        ? ofRanges(members, ascending)
        : ofVirtualShards(members, ascending);
  }

  private static List<Sides> ofVirtualShards(Members members, TreeSet<Integer> virtualShards) {
    int[] owners = new int[VirtualShards.COUNT];
    for (Shard owner : Tables.owners(members.topology())) {
      owner.getVirtualShards().forEach(v -> owners[v] = owner.getId());
    }
    List<Sides> sides = new ArrayList<>();
    for (int virtualShard : virtualShards) {
      for (Shard target : members.targets()) {
        if (target.getVirtualShards().contains(virtualShard)) {
          sides.add(
              new Sides(virtualShard, List.of(owners[virtualShard]), List.of(target.getId())));
        }
      }
    }
    return sides;
  }

  /** Every shard of a RANGE table holds something of every virtual shard. */
  private static List<Sides> ofRanges(Members members, TreeSet<Integer> virtualShards) {
    List<Shard> owners = Tables.owners(members.topology());
    List<Sides> once = new ArrayList<>();
    List<Shard> divided = new ArrayList<>();
    for (Shard target : members.targets()) {
      Optional<Shard> same =
          likeIt(owners, target)
              .or(() -> likeIt(willOwn(members), target))
              .filter(s -> s != target);
      if (same.isPresent()) {
        once.add(new Sides(ANY, List.of(same.get().getId()), List.of(target.getId())));
      } else {
        divided.add(target);
      }
    }
    if (!divided.isEmpty()) {
      once.add(
          new Sides(
              ANY, ids(owners.stream().filter(o -> isIn(o, divided))), ids(divided.stream())));
    }
    return virtualShards.stream()
        .flatMap(v -> once.stream().map(s -> new Sides(v, s.sources, s.targets)))
        .toList();
  }

  private static List<Shard> willOwn(Members members) {
    return members.targets().stream().filter(t -> t.getRole() == ShardRole.OWNER).toList();
  }

  private static Optional<Shard> likeIt(List<Shard> shards, Shard target) {
    return shards.stream().filter(s -> Tables.haveTheSame(s, target)).findFirst();
  }

  private static boolean isIn(Shard owner, List<Shard> targets) {
    return targets.stream()
        .anyMatch(t -> KeyRanges.intersection(t.getRange(), owner.getRange()).isPresent());
  }

  private static List<Integer> ids(Stream<Shard> shards) {
    return shards.map(Shard::getId).toList();
  }

  /** The shards on both sides, which have to take digests. */
  Stream<Integer> shards() {
    return Stream.concat(sources.stream(), targets.stream());
  }
}
