package dev.shardstream.producer.api;

import dev.shardstream.producer.metadata.MetadataSnapshot;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole cluster at one moment, of all namespaces.
 *
 * @param nodes by node id
 * @param shards by namespace, table and shard id
 * @param reshards those that have not ended, oldest first
 */
public record ClusterView(
    List<NodeInfo> nodes, List<ShardProgress> shards, List<ReshardInfo> reshards) {
  public ClusterView {
    nodes = List.copyOf(nodes);
    shards = List.copyOf(shards);
    reshards = List.copyOf(reshards);
  }

  /**
   * What a snapshot says.
   *
   * @param now milliseconds since the epoch
   * @param timeout silence after which a node counts as silent
   */
  static ClusterView of(MetadataSnapshot snapshot, long now, Duration timeout) {
    List<NodeInfo> nodes = NodeFacts.nodes(snapshot, now, timeout);
    Map<String, NodeInfo> byId = new HashMap<>();
    nodes.forEach(node -> byId.put(node.nodeId(), node));
    Map<Place, ShardReport> reports = new HashMap<>();
    snapshot
        .nodes()
        .values()
        .forEach(node -> node.getShards().forEach(r -> reports.put(Place.of(node, r), r)));
    List<ShardProgress> shards =
        snapshot.tablesById().values().stream()
            .filter(table -> table.getStatus() != TableStatus.DROPPING)
            .sorted(Comparator.comparing(Table::getDatabase).thenComparing(Table::getName))
            .flatMap(table -> shards(snapshot, table, byId, reports))
            .toList();
    List<ReshardInfo> reshards =
        snapshot.reshards().values().stream()
            .map(ReshardInfo::of)
            .filter(reshard -> !reshard.ended())
            .sorted(Comparator.comparingLong(ReshardInfo::startedAt))
            .toList();
    return new ClusterView(nodes, shards, reshards);
  }

  /** Where a shard is. */
  private record Place(String nodeId, String tableId, int shardId) {
    private static Place of(Node node, ShardReport report) {
      return new Place(node.getNodeId(), report.getTableId(), report.getShardId());
    }
  }

  private static Stream<ShardProgress> shards(
      MetadataSnapshot snapshot,
      Table table,
      Map<String, NodeInfo> nodes,
      Map<Place, ShardReport> reports) {
    return Optional.ofNullable(snapshot.topologies().get(table.getTableId()))
        .map(Topology::getShards)
        .orElse(List.of())
        .stream()
        .sorted(Comparator.comparingInt(Shard::getId))
        .map(
            shard ->
                progress(
                    snapshot,
                    table,
                    shard,
                    nodes,
                    reports.get(new Place(shard.getNodeId(), table.getTableId(), shard.getId()))));
  }

  private static ShardProgress progress(
      MetadataSnapshot snapshot,
      Table table,
      Shard shard,
      Map<String, NodeInfo> nodes,
      @Nullable ShardReport report) {
    NodeInfo node = nodes.get(shard.getNodeId());
    boolean silent = node == null || node.state().equals(ShardProgress.SILENT);
    String state = report == null ? null : TableFacts.lower(report.getState());
    return new ShardProgress(
        table.getDatabase(),
        table.getName(),
        table.getTableId(),
        shard.getId(),
        TableFacts.lower(shard.getRole()),
        shard.getNodeId(),
        silent ? ShardProgress.SILENT : state,
        report == null ? null : report.getRows(),
        report == null || silent ? null : TableFacts.lag(report),
        report == null || silent ? null : report.getStalenessMillis(),
        report == null ? null : report.getAppliedChanges(),
        snapshot.node(shard.getNodeId()).map(Node::getIncarnation).orElse(null),
        node == null ? null : node.heartbeatAt());
  }
}
