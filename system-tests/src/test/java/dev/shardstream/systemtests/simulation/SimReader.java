package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.worker.shard.ShardRef;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reader of a whole table. It asks the active shards of a topology that may be an old one; a
 * shard that is not held any more sends it to the newest.
 */
final class SimReader {
  private final World world;
  private final String tableId;
  private int seen;
  private int reads;

  SimReader(World world, String tableId) {
    this.world = world;
    this.tableId = tableId;
  }

  /** How many reads were answered. */
  int reads() {
    return reads;
  }

  void read() {
    int newest = world.topologies(tableId).size() - 1;
    if (newest < 0) {
      return;
    }
    seen += world.dice().below(newest - seen + 1);
    if (!isAnswered(seen) && !isAnswered(newest)) {
      seen = newest;
      Topology topology = world.topologies(tableId).get(newest);
      for (Shard shard : Tables.owners(topology)) {
        Optional<SimWorker> worker = world.node(shard.getNodeId()).running();
        if (worker.isPresent() && worker.flatMap(w -> serving(w, shard)).isEmpty()) {
          throw new Violation(
              "I2", "node " + shard.getNodeId() + " does not serve its shard " + shard.getId());
        }
      }
    }
  }

  private Optional<ShardContent> serving(SimWorker worker, Shard shard) {
    return worker
        .shard(new ShardRef(tableId, shard.getId()))
        .map(HostedShard::content)
        .filter(content -> !content.isCopying());
  }

  /** I2: every virtual shard is answered by exactly one shard; {@link Checker} knows its rows. */
  private boolean isAnswered(int at) {
    List<Shard> owners = Tables.owners(world.topologies(tableId).get(at));
    Set<Integer> answered = new HashSet<>();
    for (Shard owner : owners) {
      Optional<ShardContent> content =
          world.node(owner.getNodeId()).running().flatMap(w -> serving(w, owner));
      if (content.isEmpty()) {
        return false;
      }
      world.checker().contents().committed(content.get());
      for (var held : content.get().positions().held()) {
        if (!answered.add(held.virtualShard())) {
          throw new Violation("I2", "virtual shard " + held.virtualShard() + " is read twice");
        }
      }
    }
    if (!owners.isEmpty() && answered.size() != 256) {
      throw new Violation("I2", "only " + answered.size() + " virtual shards are read");
    }
    reads++;
    return true;
  }
}
