package dev.shardstream.streams.placement;

import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import java.util.ArrayList;
import java.util.List;

/** Spreads shards over nodes. */
public final class Placement {
  private Placement() {}

  /**
   * Pending shards that own all virtual shards among them: consecutive ones in each shard, the
   * shards in turn over the nodes.
   *
   * @param count 1 to 256
   * @param firstId id of the first shard
   * @param nodes at least one node id
   */
  public static List<Shard> spread(int count, int firstId, List<String> nodes) {
    List<ShardRange> ranges = ShardRange.split(count);
    List<Shard> shards = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      shards.add(
          new Shard(
              firstId + i,
              nodes.get(i % nodes.size()),
              ShardStatus.PENDING,
              ranges.get(i).virtualShards(),
              ShardRole.OWNER,
              null));
    }
    return shards;
  }

  /**
   * Pending shards with the virtual shards of others, one for each.
   *
   * @param firstId id of the first shard
   * @param nodes the node of each, in the same order
   */
  public static List<Shard> copies(List<Shard> originals, int firstId, List<String> nodes) {
    List<Shard> copies = new ArrayList<>(originals.size());
    for (int i = 0; i < originals.size(); i++) {
      copies.add(
          new Shard(
              firstId + i,
              nodes.get(i),
              ShardStatus.PENDING,
              originals.get(i).getVirtualShards(),
              ShardRole.OWNER,
              null));
    }
    return copies;
  }
}
