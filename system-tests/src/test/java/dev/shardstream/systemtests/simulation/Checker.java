package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.worker.decide.Row;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.ShardRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must hold, looked at from outside: files against the model of the log, topologies against
 * each other. It asks the control plane nothing.
 */
final class Checker {
  private static final List<Integer> ALL = new ShardRange(0, 255).virtualShards();

  private static final int MOST_REPAIRS = 3;
  private static final Set<ReshardStatus> ENDS =
      EnumSet.of(
          ReshardStatus.COMPLETE,
          ReshardStatus.FAILED,
          ReshardStatus.CANCELLED,
          ReshardStatus.ROLLED_BACK);

  private final World world;
  private final Map<String, Topology> topologies = new HashMap<>();
  private final Map<String, Topology> before = new HashMap<>();
  private final Map<String, Reshard> reshards = new TreeMap<>();
  private final Map<String, Set<Integer>> damaged = new HashMap<>();
  private final Set<String> everDamaged = new HashSet<>();

  /** Where a damaged row may have refused a write before it was overwritten: no digest tells. */
  private final Set<String> misjudged = new HashSet<>();

  private final Map<String, Integer> ends = new TreeMap<>();
  private final Map<String, Integer> checkedEnds = new HashMap<>();

  Checker(World world) {
    this.world = world;
  }

  /** Every reshard that was ever published, as it was last, by id. */
  Map<String, Reshard> reshards() {
    return reshards;
  }

  /** How often reshards came to which state. */
  Map<String, Integer> ends() {
    return ends;
  }

  /** The test has made rows of a target differ from what they were copied from. */
  void damaged(ShardRef ref, int virtualShard) {
    world.note("damage in " + ref + " virtual shard " + virtualShard);
    damaged.computeIfAbsent(ref.toString(), r -> new TreeSet<>()).add(virtualShard);
    everDamaged.add(ref.toString());
    misjudged.add(ref.tableId() + "/" + virtualShard);
  }

  /** What was damaged there is gone. */
  void copiedAgain(ShardRef ref, Collection<Integer> virtualShards) {
    damaged.getOrDefault(ref.toString(), new TreeSet<>()).removeAll(virtualShards);
  }

  void dropped(ShardRef ref) {
    damaged.remove(ref.toString());
    for (Topology topology : topologies.values()) {
      if (topology.getTableId().equals(ref.tableId())
          && Tables.activeShards(topology).stream().anyMatch(s -> s.getId() == ref.shardId())) {
        throw new Violation("I1", "active shard " + ref + " is dropped");
      }
    }
  }

  /** A shard file after a transaction: every virtual shard is as the log has it at its position. */
  void committed(ShardContent content) {
    committed(content, world.model(content.definition().ref().tableId()).virtualShards());
  }

  /** The same, of some virtual shards. */
  void committed(ShardContent content, Collection<Integer> virtualShards) {
    Set<Integer> excused = damaged.getOrDefault(content.definition().ref().toString(), Set.of());
    for (int virtualShard : virtualShards) {
      if (!excused.contains(virtualShard)) {
        content
            .positions()
            .of(virtualShard)
            .ifPresent(held -> assertAsInTheLog("I1", content, held));
      }
    }
  }

  private void assertAsInTheLog(String invariant, ShardContent content, Positions.Held held) {
    ShardRef ref = content.definition().ref();
    Model model = world.model(ref.tableId());
    int virtualShard = held.virtualShard();
    SortedMap<Long, Model.Expected> expected = model.rows(virtualShard, held.nextOffset());
    String difference = difference(content, content.rows(virtualShard), expected);
    if (difference != null) {
      throw new Violation(
          invariant,
          "shard %s virtual shard %d at %d: %s"
              .formatted(ref, virtualShard, held.nextOffset(), difference));
    }
    SortedMap<Long, String> refused = new TreeMap<>();
    for (Rejection rejection : content.rejections(virtualShard)) {
      refused.put(rejection.offset(), rejection.code());
    }
    if (!misjudged.contains(ref.tableId() + "/" + virtualShard)
        && !refused.equals(model.refused(virtualShard, held.nextOffset()))) {
      throw new Violation(
          invariant,
          "shard %s virtual shard %d at %d refused %s, not %s"
              .formatted(
                  ref,
                  virtualShard,
                  held.nextOffset(),
                  refused,
                  model.refused(virtualShard, held.nextOffset())));
    }
  }

  private static @Nullable String difference(
      ShardContent content, SortedMap<RowKey, Row> rows, SortedMap<Long, Model.Expected> expected) {
    Set<Long> missing = new TreeSet<>(expected.keySet());
    for (Map.Entry<RowKey, Row> entry : rows.entrySet()) {
      Long key = (Long) entry.getKey().values().get(0);
      Model.Expected row = expected.get(key);
      if (row == null) {
        return "it has key " + key;
      }
      missing.remove(key);
      if (!isSame(content, entry.getValue(), row)) {
        return "key %d is %s, not %s".formatted(key, entry.getValue(), row);
      }
    }
    return missing.isEmpty() ? null : "it lacks keys " + missing;
  }

  private static boolean isSame(ShardContent content, Row row, Model.Expected expected) {
    List<Column> columns = content.table().getColumns();
    for (int i = 0; i < columns.size(); i++) {
      if (!Objects.equals(row.values().get(i), expected.value(columns.get(i)))) {
        return false;
      }
    }
    return row.values().size() == columns.size()
        && row.version() == expected.version()
        && row.updated() == expected.updated();
  }

  /** I3, and that epochs count cutovers and nothing else. */
  void published(Topology topology) {
    Topology last = topologies.put(topology.getTableId(), topology);
    List<Integer> owned = new ArrayList<>();
    Tables.activeShards(topology).forEach(s -> owned.addAll(s.getVirtualShards()));
    boolean wasActive = last != null && !Tables.activeShards(last).isEmpty();
    if (!owned.isEmpty() || wasActive) {
      if (!owned.stream().sorted().toList().equals(ALL)) {
        throw new Violation("I3", "owners in " + topology);
      }
    }
    if (last != null && wasActive) {
      boolean cutOver = !Tables.activeShards(last).equals(Tables.activeShards(topology));
      if (topology.getEpoch() != last.getEpoch() + (cutOver ? 1 : 0)) {
        throw new Violation("I3", "epochs of " + last + " and then " + topology);
      }
      if (cutOver) {
        world.note("cutover to " + shards(topology));
        Tables.activeShards(topology).forEach(shard -> assertComplete(topology, shard));
      }
    }
    if (last != null && last.getChangeLogId() == null && topology.getChangeLogId() != null) {
      before.put(topology.getChangeLogId(), last);
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
      assertAsInTheLog("I4", content, held);
    }
    damaged.remove(ref.toString());
  }

  /** One batch of decisions that were committed together. */
  void decided(List<Decision> decisions) {
    for (Decision decision : decisions) {
      if (decision instanceof Decision.ReshardStored stored) {
        reshard(stored.reshard());
      }
    }
    for (Decision decision : decisions) {
      if (decision instanceof Decision.ReshardStored stored) {
        ended(stored.reshard());
      }
    }
  }

  private void reshard(Reshard reshard) {
    Reshard last = reshards.put(reshard.getChangeLogId(), reshard);
    if (last == null || last.getStatus() != reshard.getStatus()) {
      if (reshard.getRepairs() > 0 && reshard.getStatus() == ReshardStatus.SWITCHING) {
        ends.merge("REPAIRED", 1, Integer::sum);
      }
      ends.merge(reshard.getPurpose() + " " + reshard.getStatus(), 1, Integer::sum);
      world.note(
          "reshard "
              + reshard.getChangeLogId()
              + " is "
              + reshard.getStatus()
              + (reshard.getErrorMessage() == null ? "" : ": " + reshard.getErrorMessage()));
    }
    if (last != null) {
      step(last, reshard);
    }
    if (!reshard.getMismatches().isEmpty()
        && reshard.getTargetShards().stream()
            .noneMatch(id -> everDamaged.contains(reshard.getTableId() + "/" + id))) {
      throw new Violation("I4", "a verify found a difference that is none: " + reshard);
    }
  }

  /** What is at its end stays there, and a reshard goes on only as its operator allows. */
  private static void step(Reshard last, Reshard next) {
    boolean isMove = last.getStatus() != next.getStatus();
    boolean isUndone =
        next.getStatus() == ReshardStatus.FAILED || next.getStatus() == ReshardStatus.CANCELLED;
    ReshardOptions options = next.getOptions();
    boolean isManual = options != null && options.getManualCutover();
    boolean repairs = options != null && options.getRepair();
    boolean isSwitch = isMove && next.getStatus() == ReshardStatus.SWITCHING;
    boolean isWrong =
        isMove && ENDS.contains(last.getStatus())
            || isMove && last.getPaused() && next.getPaused() && !isUndone
            || isSwitch && isManual && !next.getSwitchAsked()
            || !last.getMismatches().isEmpty() && !repairs && isMove && !isUndone
            || isSwitch && !next.getMismatches().isEmpty()
            || next.getRepairs() > MOST_REPAIRS;
    if (isWrong) {
      throw new Violation("Controls", "from " + last + " to " + next);
    }
  }

  /** I6: what did not come to its end leaves the table as it was; ids of shards go on. */
  private void ended(Reshard reshard) {
    boolean undone =
        reshard.getStatus() == ReshardStatus.FAILED
            || reshard.getStatus() == ReshardStatus.CANCELLED
            || reshard.getStatus() == ReshardStatus.ROLLED_BACK
            || reshard.getPurpose() == ReshardPurpose.VERIFY
                && reshard.getStatus() == ReshardStatus.COMPLETE;
    Topology was = before.get(reshard.getChangeLogId());
    Topology is = topologies.get(reshard.getTableId());
    boolean isRepeated = checkedEnds.containsKey(reshard.getChangeLogId());
    if (!undone || was == null || is == null || isRepeated) {
      return;
    }
    checkedEnds.put(reshard.getChangeLogId(), is.getEpoch());
    int cutovers = reshard.getStatus() == ReshardStatus.ROLLED_BACK ? 2 : 0;
    if (!Set.copyOf(is.getShards()).equals(Set.copyOf(was.getShards()))
        || is.getChangeLogId() != null
        || is.getEpoch() != was.getEpoch() + cutovers) {
      throw new Violation(
          "I6",
          "reshard %s is %s, the topology was %s and is %s"
              .formatted(reshard.getChangeLogId(), reshard.getStatus(), was, is));
    }
  }

  /** The topology of a table that was published last. */
  @Nullable Topology topology(String tableId) {
    return topologies.get(tableId);
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
