package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.PlannedNode;
import dev.shardstream.schemas.event.PlannedTarget;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Group;
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
 */
public final class ReshardPlans {
  private ReshardPlans() {}

  /** What one virtual shard takes, and where it is. */
  private record Slice(double rows, double bytes, String nodeId) {}

  /** What all targets of one node take. */
  private record Load(double rows, double bytes, double largestSlice) {
    Load plus(PlannedTarget target, double slice) {
      return new Load(
          rows + target.getRows(), bytes + target.getBytes(), Math.max(largestSlice, slice));
    }

    /** A file is larger than what it holds while it is filled, and a slice is on its way. */
    long bytesNeeded() {
      return Math.round(bytes * 1.25 + largestSlice);
    }
  }

  /** The plan of a reshard; nothing is decided. */
  public static ReshardPlan of(Turn turn, Table table, NewReshard planned) {
    Slice[] slices = slices(turn, table, planned);
    List<PlannedTarget> targets = new ArrayList<>();
    SortedMap<String, Load> loads = new TreeMap<>();
    for (Shard shard : planned.targets()) {
      PlannedTarget target = target(slices, shard);
      targets.add(target);
      double largest =
          shard.getVirtualShards().stream().mapToDouble(v -> slices[v].bytes()).max().orElse(0);
      Load before = loads.getOrDefault(shard.getNodeId(), new Load(0, 0, 0));
      loads.put(shard.getNodeId(), before.plus(target, largest));
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

  private static Slice[] slices(Turn turn, Table table, NewReshard planned) {
    Slice[] slices = new Slice[VirtualShards.COUNT];
    Topology topology = turn.state().topology(table.getTableId()).orElseThrow();
    for (Shard source : Group.owners(topology, planned.sources())) {
      Optional<ShardReport> report =
          turn.cluster().report(source.getNodeId(), table.getTableId(), source.getId());
      double share = 1.0 / source.getVirtualShards().size();
      Slice slice =
          new Slice(
              report.map(r -> r.getRows() * share).orElse(0.0),
              report.map(r -> r.getBytes() * share).orElse(0.0),
              source.getNodeId());
      source.getVirtualShards().forEach(v -> slices[v] = slice);
    }
    return slices;
  }

  private static PlannedTarget target(Slice[] slices, Shard shard) {
    double rows = 0;
    double bytes = 0;
    double rowsLocally = 0;
    for (int v : shard.getVirtualShards()) {
      rows += slices[v].rows();
      bytes += slices[v].bytes();
      rowsLocally += slices[v].nodeId().equals(shard.getNodeId()) ? slices[v].rows() : 0;
    }
    return new PlannedTarget(
        shard.getId(),
        shard.getNodeId(),
        shard.getVirtualShards().size(),
        Math.round(rows),
        Math.round(bytes),
        Math.round(rowsLocally),
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
