package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must hold, looked at from outside: files against the model of the log, topologies against
 * each other. It asks the control plane nothing.
 */
final class Checker {
  private static final List<Integer> ALL = new ShardRange(0, 255).virtualShards();

  private final World world;
  private final Damage damage = new Damage();
  private final ContentChecks contents;
  private final ReshardChecks reshards;
  private final Map<String, Topology> topologies = new TreeMap<>();
  private final Map<String, Topology> before = new HashMap<>();
  private final Set<String> drained = new TreeSet<>();

  Checker(World world) {
    this.world = world;
    this.contents = new ContentChecks(world, damage);
    this.reshards = new ReshardChecks(world, damage, this);
  }

  ContentChecks contents() {
    return contents;
  }

  ReshardChecks reshards() {
    return reshards;
  }

  /** The test has made rows of a shard differ from what was written to it. */
  void damaged(ShardRef ref, int virtualShard) {
    world.note("damage in " + ref + " virtual shard " + virtualShard);
    damage.plant(ref, virtualShard);
  }

  /** What was damaged there is gone. */
  void copiedAgain(ShardRef ref, Collection<Integer> virtualShards) {
    damage.forget(ref, virtualShards);
  }

  void dropped(ShardRef ref) {
    damage.forget(ref);
    for (Topology topology : topologies.values()) {
      if (topology.getTableId().equals(ref.tableId())
          && Tables.owners(topology).stream().anyMatch(s -> s.getId() == ref.shardId())) {
        throw new Violation("I1", "active shard " + ref + " is dropped");
      }
    }
  }

  /** I3, and that epochs count cutovers and nothing else. */
  void published(Topology topology) {
    Topology last = topologies.put(topology.getTableId(), topology);
    if (last == null) {
      topology.getShards().forEach(this::assertNotOnDrained);
    }
    List<Integer> owned = new ArrayList<>();
    Tables.owners(topology).forEach(s -> owned.addAll(s.getVirtualShards()));
    boolean wasActive = last != null && !Tables.owners(last).isEmpty();
    if (!owned.isEmpty() || wasActive) {
      if (!owned.stream().sorted().toList().equals(ALL)) {
        throw new Violation("I3", "owners in " + topology);
      }
    }
    if (last != null && wasActive) {
      boolean cutOver = !Tables.owners(last).equals(Tables.owners(topology));
      if (topology.getEpoch() != last.getEpoch() + (cutOver ? 1 : 0)) {
        throw new Violation("I3", "epochs of " + last + " and then " + topology);
      }
      if (cutOver) {
        world.note("cutover to " + shards(topology));
        Tables.owners(topology).forEach(shard -> assertComplete(topology, shard));
      }
    }
    if (last != null && last.getChangeLogId() == null && topology.getChangeLogId() != null) {
      before.put(topology.getChangeLogId(), last);
    }
  }

  /** A node takes no shards any more, or takes them again. */
  void drained(String nodeId, boolean isDrained) {
    if (isDrained) {
      drained.add(nodeId);
    } else {
      drained.remove(nodeId);
    }
  }

  /** A command has come to its good end. */
  void applied(Object operation) {
    if (operation instanceof DrainNode drain) {
      for (Topology topology : topologies.values()) {
        for (Shard shard : topology.getShards()) {
          if (shard.getNodeId().equals(drain.getNodeId())) {
            throw new Violation("Drain", "applied, and there is " + shard);
          }
        }
      }
    }
  }

  /** A reshard begins. A verify against the log makes its shards beside those that it verifies. */
  void begun(Reshard reshard) {
    Topology topology = topologies.get(reshard.getTableId());
    if (topology != null && reshard.getPurpose() != ReshardPurpose.VERIFY) {
      topology.getShards().stream()
          .filter(shard -> reshard.getTargetShards().contains(shard.getId()))
          .forEach(this::assertNotOnDrained);
    }
  }

  private void assertNotOnDrained(Shard shard) {
    if (drained.contains(shard.getNodeId())) {
      throw new Violation("Drain", "of " + drained + ", and there comes " + shard);
    }
  }

  private static List<String> shards(Topology topology) {
    return topology.getShards().stream()
        .map(s -> s.getId() + "@" + s.getNodeId() + " " + s.getStatus())
        .toList();
  }

  /** I4: who becomes an owner has everything, as the log has it, whatever was done to it. */
  private void assertComplete(Topology topology, Shard shard) {
    ShardRef ref = new ShardRef(topology.getTableId(), shard.getId());
    ShardContent content = world.node(shard.getNodeId()).content(ref).orElse(null);
    if (content == null || content.isCopying()) {
      throw new Violation("I4", "owner " + ref + " is not there or is still being copied");
    }
    for (int virtualShard : shard.getVirtualShards()) {
      Positions.Held held = content.positions().of(virtualShard).orElse(null);
      if (held == null) {
        throw new Violation("I4", "owner " + ref + " lacks virtual shard " + virtualShard);
      }
      contents.assertAsInTheLog("I4", content, held);
    }
    damage.forget(ref);
  }

  /** The topology of a table that was published last. */
  @Nullable Topology topology(String tableId) {
    return topologies.get(tableId);
  }

  /** The topology of a table as it was before a reshard began. */
  @Nullable Topology before(String changeLogId) {
    return before.get(changeLogId);
  }

  /** I1 at the end: every owner stands at the end of the log; nothing else is left anywhere. */
  void atRest() {
    Set<String> wanted = new TreeSet<>();
    for (Topology topology : topologies.values()) {
      SimLog log = Objects.requireNonNull(world.log(topology.getTableId()));
      for (Shard shard : topology.getShards()) {
        ShardRef ref = new ShardRef(topology.getTableId(), shard.getId());
        wanted.add(shard.getNodeId() + ":" + ref);
        assertComplete(topology, shard);
        ShardContent content = world.node(shard.getNodeId()).content(ref).orElseThrow();
        for (int partition = 0; partition < log.partitions(); partition++) {
          long end = log.end(partition, world.now());
          if (content.positions().least(partition).orElse(end) < end) {
            throw new Violation("I1", ref + " stands before the end " + end + " of its log");
          }
        }
      }
    }
    topologies.keySet().forEach(this::assertRulesAreTheCatalogs);
    Set<String> there = new TreeSet<>();
    for (SimNode node : world.nodes()) {
      node.files().keySet().forEach(ref -> there.add(node.id() + ":" + ref));
    }
    if (!there.equals(wanted)) {
      throw new Violation("I6", "files " + there + ", wanted " + wanted);
    }
  }

  /** A rule that the catalog does not know would refuse writes for ever. */
  private void assertRulesAreTheCatalogs(String tableId) {
    Set<Integer> ruled = world.model(tableId).ruledColumns();
    for (Column column : world.table(tableId).orElseThrow().getColumns()) {
      if (column.getNullable() && ruled.contains(column.getId())) {
        throw new Violation("I7", "the log of " + tableId + " takes no NULL in " + column);
      }
    }
  }
}
