package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.PlannedNode;
import dev.shardstream.schemas.event.PlannedTarget;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.placement.Holding;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a reshard would take, by what its sources' nodes last told and as if rows were spread evenly
 * over the virtual shards of a shard. A node that tells nothing of a source counts for nothing.
 * Where a RANGE table is divided anew, every target is taken to get as many rows as the others:
 * that is what its split points will be chosen for.
 */
public final class ReshardPlans {
  private ReshardPlans() {}

  /** A source with what its node has told of it. */
  private record Source(Shard shard, double rows, double bytes) {}

  /** What one target, or all targets of one node, take. */
  private record Load(double rows, double bytes, double rowsLocally, double largestSlice) {
    static final Load NONE = new Load(0, 0, 0, 0);

    Load plus(Load other) {
      return new Load(
          rows + other.rows,
          bytes + other.bytes,
          rowsLocally + other.rowsLocally,
          Math.max(largestSlice, other.largestSlice));
    }

    /** A file is larger than what it holds while it is filled, and a slice is on its way. */
    long bytesNeeded() {
      return Math.round(bytes * 1.25 + largestSlice);
    }
  }

  /** The plan of a reshard; nothing is decided. */
  public static ReshardPlan of(Turn turn, Table table, NewReshard planned) {
    List<Source> sources = sources(turn, table, planned);
    List<PlannedTarget> targets = new ArrayList<>();
    SortedMap<String, Load> loads = new TreeMap<>();
    for (Shard shard : planned.targets()) {
      Load load = sources.stream().map(s -> taken(planned, s, shard)).reduce(Load.NONE, Load::plus);
      targets.add(target(shard, load));
      loads.merge(shard.getNodeId(), load, Load::plus);
    }
    return new ReshardPlan(
        table.getName(),
        planned.sources().stream().map(Shard::getId).toList(),
        targets,
        loads.entrySet().stream().map(e -> node(turn, e.getKey(), e.getValue())).toList(),
        targets.stream().mapToLong(PlannedTarget::getRows).sum(),
        targets.stream().mapToLong(PlannedTarget::getBytes).sum(),
        millis(turn.limits(), planned, loads));
  }

  private static List<Source> sources(Turn turn, Table table, NewReshard planned) {
    Topology topology = turn.state().topology(table.getTableId()).orElseThrow();
    List<Source> sources = new ArrayList<>();
    for (Shard source : Group.owners(topology, planned.sources())) {
      Optional<ShardReport> report =
          turn.cluster().report(source.getNodeId(), table.getTableId(), source.getId());
      sources.add(
          new Source(
              source,
              report.map(ShardReport::getRows).orElse(0L),
              report.map(ShardReport::getBytes).orElse(0L)));
    }
    return sources;
  }

  /** What a target takes from a source; it takes each virtual shard as a slice of its own. */
  private static Load taken(NewReshard planned, Source source, Shard target) {
    Optional<Holding> shared = Holding.of(source.shard()).shared(Holding.of(target));
    if (shared.isEmpty()) {
      return Load.NONE;
    }
    int slices = shared.get().virtualShards().size();
    boolean isDivided = target.getRange() != null && planned.purpose() == ReshardPurpose.RESHARD;
    double share =
        isDivided
            ? 1.0 / planned.shardCount()
            : (double) slices / source.shard().getVirtualShards().size();
    double rows = source.rows() * share;
    double bytes = source.bytes() * share;
    boolean isLocal = source.shard().getNodeId().equals(target.getNodeId());
    return new Load(rows, bytes, isLocal ? rows : 0, bytes / slices);
  }

  private static PlannedTarget target(Shard shard, Load load) {
    return new PlannedTarget(
        shard.getId(),
        shard.getNodeId(),
        shard.getVirtualShards().size(),
        Math.round(load.rows()),
        Math.round(load.bytes()),
        Math.round(load.rowsLocally()),
        shard.getRole());
  }

  private static PlannedNode node(Turn turn, String nodeId, Load load) {
    return new PlannedNode(
        nodeId, load.bytesNeeded(), turn.cluster().node(nodeId).map(Node::getFreeBytes).orElse(0L));
  }

  /** By the rate that bounds all targets together, else by what one node is taken to copy. */
  private static long millis(Limits limits, NewReshard planned, SortedMap<String, Load> loads) {
    Long asked = planned.options() == null ? null : planned.options().getRowsPerSecond();
    long rate = asked == null ? limits.copyRowsPerSecond() : asked;
    double rows =
        rate == 0
            ? loads.values().stream().mapToDouble(Load::rows).max().orElse(0)
            : loads.values().stream().mapToDouble(Load::rows).sum();
    return Math.round(rows * 1000 / (rate == 0 ? limits.estimateRowsPerSecond() : rate));
  }

  /** Whether every node has room for its targets. */
  public static boolean hasRoom(Turn turn, Table table, NewReshard planned) {
    return of(turn, table, planned).getNodes().stream()
        .allMatch(node -> node.getBytesNeeded() <= node.getBytesFree());
  }

  /**
   * @throws ShardstreamException INSUFFICIENT_DISK when a node has less room than its targets take
   */
  static void requireRoom(Turn turn, Table table, NewReshard planned) {
    for (PlannedNode node : of(turn, table, planned).getNodes()) {
      if (node.getBytesNeeded() > node.getBytesFree()) {
        throw new ShardstreamException(
            ErrorCode.INSUFFICIENT_DISK,
            table.getName(),
            node.getNodeId(),
            node.getBytesNeeded(),
            node.getBytesFree());
      }
    }
  }
}
