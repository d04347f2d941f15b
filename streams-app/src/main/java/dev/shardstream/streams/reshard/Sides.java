package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Shard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

  /**
   * What a verify of some virtual shards compares, by virtual shard: every target with the owner of
   * what it holds.
   */
  static List<Sides> of(Members members, Collection<Integer> virtualShards) {
    int[] owners = new int[VirtualShards.COUNT];
    for (Shard owner : Tables.owners(members.topology())) {
      owner.getVirtualShards().forEach(v -> owners[v] = owner.getId());
    }
    List<Sides> sides = new ArrayList<>();
    for (int virtualShard : new TreeSet<>(virtualShards)) {
      for (Shard target : members.targets()) {
        if (target.getVirtualShards().contains(virtualShard)) {
          sides.add(
              new Sides(virtualShard, List.of(owners[virtualShard]), List.of(target.getId())));
        }
      }
    }
    return sides;
  }

  /** The shards on both sides, which have to take digests. */
  Stream<Integer> shards() {
    return Stream.concat(sources.stream(), targets.stream());
  }
}
