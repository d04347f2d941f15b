package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.worker.decide.Row;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.shard.ShardRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What befalls processes and disks. */
final class Faults {
  private final World world;
  private final Map<String, Integer> counts = new TreeMap<>();
  private @Nullable SimNode lost;
  private int moves;

  Faults(World world) {
    this.world = world;
  }

  /** How often what happened. */
  Map<String, Integer> counts() {
    return counts;
  }

  /** Something goes wrong now and then, and comes back now and then. */
  void strike() {
    Dice dice = world.dice();
    if (dice.oneIn(90)) {
      count("control plane killed");
      world.control().crash(dice.oneIn(3) ? dice.below(20_000) : dice.below(2_000));
    }
    SimNode node = dice.any(world.nodes());
    if (lost == null && dice.oneIn(hasReplicas() ? 300 : 900) && canDoWithoutOne()) {
      count("node lost for good");
      if (!hasReplicas()) {
        count("node without replicas lost for good");
      }
      lost = node;
      node.cutPower();
    } else if (!node.isUp() || node.isFrozen()) {
      comeBack(node);
    } else if (dice.oneIn(hasMoved() ? 6 : 70)) {
      fall(node);
    } else if (dice.oneIn(400)) {
      count("disk lost");
      node.loseDisk();
    }
    if (dice.oneIn(12)) {
      damage();
    }
  }

  /** What nobody has heard of yet is more when a reshard has just come to another phase. */
  private boolean hasMoved() {
    int before = moves;
    moves = world.checker().reshards().moves();
    return moves > before;
  }

  /** One that is lost for good, and only comes back when all else is over. */
  Optional<SimNode> lost() {
    return Optional.ofNullable(lost);
  }

  boolean isLost(SimNode node) {
    return node == lost;
  }

  /** Whether enough nodes are left for what every table shall have. */
  private boolean canDoWithoutOne() {
    return tables().allMatch(t -> t.getReplicas() < world.nodes().size());
  }

  /** Whether every table has replicas. */
  private boolean hasReplicas() {
    return tables().allMatch(t -> t.getReplicas() > 1);
  }

  private Stream<Table> tables() {
    return world.tableIds().stream().flatMap(id -> world.table(id).stream());
  }

  private void comeBack(SimNode node) {
    Dice dice = world.dice();
    if (isLost(node) || !dice.oneIn(14)) {
      return;
    }
    if (node.isFrozen() && dice.oneIn(3)) {
      if (!world.has(Mutant.STALE_OWNER_WRITES)) {
        node.kill();
      }
      node.start();
    } else if (node.isFrozen()) {
      node.freeze(false);
    } else {
      node.start();
    }
  }

  private void fall(SimNode node) {
    switch (world.dice().below(4)) {
      case 0 -> {
        count("node frozen");
        node.freeze(true);
      }
      case 1 -> {
        count("node without power");
        node.cutPower();
      }
      default -> {
        count("node killed");
        node.kill();
      }
    }
  }

  /** A disk loses or mixes up rows of a target before the fence of its verify. */
  private void damage() {
    for (Reshard reshard : world.checker().reshards().reshards().values()) {
      boolean isCopied =
          reshard.getStatus() == ReshardStatus.COPYING
              || reshard.getStatus() == ReshardStatus.REPLAYING;
      Topology topology = world.checker().topology(reshard.getTableId());
      if (isCopied && topology != null) {
        List<Shard> targets =
            topology.getShards().stream()
                .filter(s -> reshard.getTargetShards().contains(s.getId()))
                .filter(s -> s.getStatus() == ShardStatus.PENDING)
                .toList();
        if (!targets.isEmpty()) {
          damage(topology.getTableId(), world.dice().any(targets));
        }
      }
    }
  }

  /** Rows of a shard change, if it has any and its node runs; whether they did. */
  boolean damage(String tableId, Shard target) {
    ShardRef ref = new ShardRef(tableId, target.getId());
    Optional<HostedShard> shard =
        world.node(target.getNodeId()).running().flatMap(worker -> worker.shard(ref));
    if (shard.isEmpty()) {
      return false;
    }
    List<Integer> filled = new ArrayList<>();
    shard
        .get()
        .content()
        .rows()
        .forEach(
            (v, rows) -> {
              if (!rows.isEmpty()) {
                filled.add(v);
              }
            });
    if (!filled.isEmpty()) {
      int virtualShard = world.dice().any(filled);
      SortedMap<RowKey, Row> rows = spoilt(shard.get().content().rows(virtualShard));
      world.checker().damaged(ref, virtualShard);
      count("rows damaged");
      shard.get().spoil(shard.get().content().damaged(virtualShard, rows));
    }
    return !filled.isEmpty();
  }

  /** Two rows have changed their values, or one is lost. */
  private SortedMap<RowKey, Row> spoilt(SortedMap<RowKey, Row> rows) {
    SortedMap<RowKey, Row> spoilt = new TreeMap<>(rows);
    RowKey first = rows.firstKey();
    RowKey last = rows.lastKey();
    Row one = rows.get(first);
    Row other = rows.get(last);
    if (first.equals(last)) {
      if (one.values().size() > 2 && world.dice().oneIn(2)) {
        List<Object> mixed = new ArrayList<>(one.values());
        java.util.Collections.swap(mixed, 1, 2);
        spoilt.put(first, new Row(mixed, one.version(), one.updated()));
      } else {
        spoilt.remove(first);
      }
    } else {
      spoilt.put(first, exchanged(one, other));
      spoilt.put(last, exchanged(other, one));
    }
    return spoilt;
  }

  private static Row exchanged(Row row, Row from) {
    List<Object> values = new ArrayList<>(from.values());
    values.set(0, row.values().get(0));
    return new Row(values, row.version(), row.updated());
  }

  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
