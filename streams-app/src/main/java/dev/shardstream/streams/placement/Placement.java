package dev.shardstream.streams.placement;

import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import java.util.ArrayList;
import java.util.List;

/** Spreads shards over nodes. */
public final class Placement {
  private Placement() {}

  /**
   * Pending shards for everything that is to be held: first the owners, in turn over the nodes,
   * then their replicas, each on the nodes that follow its owner's.
   *
   * @param holdings what each owner holds
   * @param replicas how many shards hold the same, owners included; at least 1
   * @param firstId id of the first shard
   * @param nodes at least as many node ids as replicas
   */
  public static List<Shard> spread(
      List<Holding> holdings, int replicas, int firstId, List<String> nodes) {
    List<Shard> shards = new ArrayList<>(holdings.size() * replicas);
    for (int replica = 0; replica < replicas; replica++) {
      for (int i = 0; i < holdings.size(); i++) {
        shards.add(
            new Shard(
                firstId + shards.size(),
                nodes.get((i + replica) % nodes.size()),
                ShardStatus.PENDING,
                holdings.get(i).virtualShards(),
                replica == 0 ? ShardRole.OWNER : ShardRole.REPLICA,
                holdings.get(i).range()));
      }
    }
    return shards;
  }

  /**
   * Pending shards with the rows and the roles of others, one for each.
   *
   * @param firstId id of the first shard
   * @param nodes the node of each, in the same order
   */
  public static List<Shard> copies(List<Shard> originals, int firstId, List<String> nodes) {
    List<Shard> copies = new ArrayList<>(originals.size());
    for (int i = 0; i < originals.size(); i++) {
      Shard original = originals.get(i);
      copies.add(
          new Shard(
              firstId + i,
              nodes.get(i),
              ShardStatus.PENDING,
              original.getVirtualShards(),
              original.getRole(),
              original.getRange()));
    }
    return copies;
  }
}
