package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.worker.shard.ShardRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must hold, looked at from outside: files against the model of the log, topologies against
 * each other. It asks the control plane nothing.
 */
final class Checker {
  private final World world;
  private final Damage damage = new Damage();
  private final ContentChecks contents;
  private final ReshardChecks reshards;
  private final MadeAnew madeAnew;
  private final Map<String, Topology> topologies = new TreeMap<>();
  private final Map<String, Topology> before = new HashMap<>();
  private final Set<String> drained = new TreeSet<>();
  private Set<String> drainedBefore = Set.of();

  Checker(World world) {
    this.world = world;
    this.contents = new ContentChecks(world, damage);
    this.reshards = new ReshardChecks(world, damage, this);
    this.madeAnew = new MadeAnew(world);
  }

  ContentChecks contents() {
    return contents;
  }

  MadeAnew madeAnew() {
    return madeAnew;
  }

  /** A node has an empty disk. */
  void lostItsDisk(String nodeId) {
    for (Topology topology : topologies.values()) {
      for (Shard shard : topology.getShards()) {
        if (shard.getNodeId().equals(nodeId)) {
          ShardRef ref = new ShardRef(topology.getTableId(), shard.getId());
          damage.forget(ref);
          madeAnew.begin(ref);
        }
      }
    }
  }

  ReshardChecks reshards() {
    return reshards;
  }

  /** The test has made rows of a shard differ from what was written to it. */
  void damaged(ShardRef ref, int virtualShard) {
    world.note("damage in " + ref + " virtual shard " + virtualShard);
    damage.plant(ref, virtualShard);
  }

  /** Whether rows of a shard may still differ from what was written to it. */
  boolean isDamaged(String ref) {
    return damage.isIn(ref);
  }

  /** What was damaged there is gone. */
  void copiedAgain(ShardRef ref, Collection<Integer> virtualShards) {
    damage.forget(ref, virtualShards);
  }

  void dropped(ShardRef ref) {
    damage.forget(ref);
    madeAnew.forget(ref);
    for (Topology topology : topologies.values()) {
      if (topology.getTableId().equals(ref.tableId())
          && TopologyChecks.active(topology).stream().anyMatch(s -> s.getId() == ref.shardId())) {
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
    boolean wasActive = last != null && !Tables.owners(last).isEmpty();
    if (wasActive || !TopologyChecks.active(topology).isEmpty()) {
      TopologyChecks.assertDivided(topology);
    }
    if (last != null && wasActive) {
      TopologyChecks.assertEpochFollows(last, topology);
      List<Shard> came = TopologyChecks.came(last, topology);
      if (!came.isEmpty()) {
        world.note("cutover to " + shards(topology));
        came.stream()
            .filter(shard -> !isMadeFromTheLog(last, topology, shard))
            .forEach(shard -> assertComplete(topology, shard));
        if (TopologyChecks.hasPromoted(last, topology)) {
          reshards.count("OWNER PROMOTED");
        }
      }
    }
    if (last != null && last.getChangeLogId() == null && topology.getChangeLogId() != null) {
      before.put(topology.getChangeLogId(), last);
    }
  }

  /** A replica that no reshard has made has no rows yet, and nobody reads it before it has. */
  private boolean isMadeFromTheLog(Topology last, Topology next, Shard shard) {
    ShardRef ref = new ShardRef(next.getTableId(), shard.getId());
    boolean isNew =
        last.getChangeLogId() == null
            && next.getChangeLogId() == null
            && last.getShards().stream().noneMatch(s -> s.getId() == shard.getId());
    if (isNew && shard.getRole() == ShardRole.REPLICA) {
      reshards.count("made on another node");
      madeAnew.begin(ref);
    }
    return madeAnew.isGoingOn(ref);
  }

  /** Decisions are made together: a drain among them may be later than a reshard among them. */
  void decidesNext() {
    drainedBefore = Set.copyOf(drained);
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
    if (drained.contains(shard.getNodeId()) && drainedBefore.contains(shard.getNodeId())) {
      throw new Violation("Drain", "of " + drained + ", and there comes " + shard);
    }
  }

  private static List<String> shards(Topology topology) {
    return topology.getShards().stream()
        .map(s -> s.getId() + "@" + s.getNodeId() + " " + s.getStatus() + " " + s.getRole())
        .toList();
  }

  /** I4: who is read has everything, as the log has it, whatever was done to it. */
  private void assertComplete(Topology topology, Shard shard) {
    ShardRef ref = new ShardRef(topology.getTableId(), shard.getId());
    ShardContent content = world.node(shard.getNodeId()).content(ref).orElse(null);
    if (content == null || content.isCopying()) {
      throw new Violation("I4", "active " + ref + " is not there or is still being copied");
    }
    for (int virtualShard : shard.getVirtualShards()) {
      if (!content.positions().missing(virtualShard, range(shard)).isEmpty()) {
        throw new Violation("I4", "active " + ref + " lacks of virtual shard " + virtualShard);
      }
      contents.assertAsInTheLog("I4", content, virtualShard);
    }
    if (isDamaged(ref.toString())) {
      // Mended by a write, which a power cut must not take away from here on.
      Objects.requireNonNull(world.node(shard.getNodeId()).files().get(ref.toString())).sync();
      damage.forget(ref);
    }
  }

  private static KeyRange range(Shard shard) {
    return shard.getRange() == null ? KeyRanges.ALL : shard.getRange();
  }

  /** The topology of a table that was published last. */
  @Nullable Topology topology(String tableId) {
    return topologies.get(tableId);
  }

  /** The topology of a table as it was before a reshard began. */
  @Nullable Topology before(String changeLogId) {
    return before.get(changeLogId);
  }

  /**
   * I1 at the end: every shard stands at the end of its log, and nothing else is left anywhere. Of
   * nodes that are lost for good nothing is asked.
   */
  void atRest() {
    Set<String> wanted = new TreeSet<>();
    for (Topology topology : topologies.values()) {
      for (Shard shard : topology.getShards()) {
        if (world.node(shard.getNodeId()).isUp()) {
          wanted.add(shard.getNodeId() + ":" + new ShardRef(topology.getTableId(), shard.getId()));
          assertComplete(topology, shard);
          assertAtTheEnd(topology, shard);
        }
      }
    }
    topologies.keySet().forEach(this::assertRulesAreTheCatalogs);
    Set<String> there = new TreeSet<>();
    for (SimNode node : world.nodes()) {
      if (node.isUp()) {
        node.files().keySet().forEach(ref -> there.add(node.id() + ":" + ref));
      }
    }
    if (!there.equals(wanted)) {
      throw new Violation("I6", "files " + there + ", wanted " + wanted);
    }
  }

  private void assertAtTheEnd(Topology topology, Shard shard) {
    ShardRef ref = new ShardRef(topology.getTableId(), shard.getId());
    SimLog log = Objects.requireNonNull(world.log(topology.getTableId()));
    ShardContent content = world.node(shard.getNodeId()).content(ref).orElseThrow();
    for (int partition = 0; partition < log.partitions(); partition++) {
      long end = log.end(partition, world.now());
      if (content.positions().least(partition).orElse(end) < end) {
        throw new Violation("I1", ref + " stands before the end " + end + " of its log");
      }
    }
  }

  /** A shard that too few running nodes hold, or too many nodes; empty when there is none. */
  Optional<String> unevenlyHeld() {
    long up = world.nodes().stream().filter(SimNode::isUp).count();
    for (Topology topology : topologies.values()) {
      Table table = world.table(topology.getTableId()).orElseThrow();
      long wanted = Math.min(table.getReplicas(), up);
      for (Shard owner : Tables.owners(topology)) {
        List<Shard> holders = Tables.holders(topology, owner);
        if (holders.size() != wanted
            || holders.stream().anyMatch(holder -> !world.node(holder.getNodeId()).isUp())) {
          return Optional.of("wanted " + wanted + " times: " + owner + " in " + topology);
        }
      }
    }
    return Optional.empty();
  }

  /** A shard that is to be read, and is not, on a running node; empty when there is none. */
  Optional<String> notServed() {
    for (Topology topology : topologies.values()) {
      for (Shard shard : TopologyChecks.active(topology)) {
        ShardRef ref = new ShardRef(topology.getTableId(), shard.getId());
        SimNode node = world.node(shard.getNodeId());
        boolean isServed =
            node.running()
                .flatMap(worker -> worker.shard(ref))
                .filter(HostedShard::isReadable)
                .isPresent();
        if (node.isUp() && !isServed) {
          return Optional.of("not served: " + shard + " in " + topology);
        }
      }
    }
    return Optional.empty();
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
