package dev.shardstream.streams.move;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.Node;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Acceptance;
import dev.shardstream.streams.record.Movement;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.PlannedMove;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.Tasks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a drain moves next: the shards of a few tables, each to the node that has fewest, among
 * those that have room for it if there are any.
 */
final class Draining {
  private final Turn turn;
  private final String nodeId;
  private final Map<String, Integer> load = new HashMap<>();
  private final Map<String, Long> bytesTaken = new HashMap<>();

  private Draining(Turn turn, String nodeId) {
    this.turn = turn;
    this.nodeId = nodeId;
    KnownNode.shards(turn).forEach(s -> load.merge(s.getNodeId(), 1, Integer::sum));
  }

  /**
   * @param tables most tables of which shards may be moved
   */
  static NextMoves next(Turn turn, Movement movement, int tables) {
    return new Draining(turn, String.valueOf(movement.getNodeId())).next(tables);
  }

  private NextMoves next(int mostTables) {
    int left = load.getOrDefault(nodeId, 0) + strays();
    List<Topology> ready =
        turn.state().tables().stream()
            .filter(this::canBeMoved)
            .limit(mostTables)
            .map(t -> turn.state().topology(t.getTableId()).orElseThrow())
            .toList();
    if (ready.isEmpty()) {
      return NextMoves.of(left, List.of());
    }
    Optional<String> undecided =
        Acceptance.undecided(turn).map(id -> Acceptance.of(turn, id).why());
    if (turn.cluster().isLost(nodeId, turn.limits())) {
      long silent = turn.cluster().silentMillis(nodeId) / 1000;
      return NextMoves.obstructed(left, ErrorCode.NODE_LOST.text(nodeId, silent));
    } else if (!turn.cluster().isCurrent(nodeId, turn.limits())) {
      return NextMoves.waiting(left, "a heartbeat of node '" + nodeId + "'");
    } else if (undecided.isPresent()) {
      return NextMoves.waiting(left, undecided.get());
    } else if (turn.placeable().isEmpty()) {
      return NextMoves.waiting(left, "another node that takes shards");
    }
    return NextMoves.of(left, ready.stream().map(this::moves).toList());
  }

  /** Shards that no topology names any more and that the node has not dropped yet. */
  private int strays() {
    int strays = 0;
    for (OpenTask task : turn.state().tasks()) {
      boolean isOfNode = task.getKind() == TaskKind.DROP_SHARD && nodeId.equals(task.getNodeId());
      boolean isNamed =
          turn.state()
              .topology(task.getTableId())
              .flatMap(t -> Tables.shard(t, Optional.ofNullable(task.getShardId()).orElse(-1)))
              .isPresent();
      strays += isOfNode && !Tasks.allOver(List.of(task)) && !isNamed ? 1 : 0;
    }
    return strays;
  }

  private boolean canBeMoved(Table table) {
    return table.getStatus() == TableStatus.ACTIVE
        && turn.state()
            .topology(table.getTableId())
            .filter(t -> t.getChangeLogId() == null)
            .filter(t -> !held(t).isEmpty())
            .isPresent();
  }

  private List<Shard> held(Topology topology) {
    return Tables.owners(topology).stream().filter(s -> s.getNodeId().equals(nodeId)).toList();
  }

  private List<PlannedMove> moves(Topology topology) {
    Map<String, Integer> ofTable = new HashMap<>();
    topology.getShards().forEach(s -> ofTable.merge(s.getNodeId(), 1, Integer::sum));
    List<PlannedMove> moves = new ArrayList<>();
    for (Shard shard : held(topology).stream().limit(NextMoves.MOST_PER_RESHARD).toList()) {
      long bytes = bytes(topology, shard);
      String to =
          turn.placeable().stream()
              .min(
                  Comparator.<String>comparingInt(n -> hasRoom(n, bytes) ? 0 : 1)
                      .thenComparingInt(n -> ofTable.getOrDefault(n, 0))
                      .thenComparingInt(n -> load.getOrDefault(n, 0)))
              .orElseThrow();
      bytesTaken.merge(to, bytes, Long::sum);
      ofTable.merge(to, 1, Integer::sum);
      load.merge(to, 1, Integer::sum);
      moves.add(new PlannedMove(topology.getTableId(), shard.getId(), to));
    }
    return moves;
  }

  private long bytes(Topology topology, Shard shard) {
    return turn.cluster()
        .report(nodeId, topology.getTableId(), shard.getId())
        .map(ShardReport::getBytes)
        .orElse(0L);
  }

  /** Twice its size is more than a reshard asks for. */
  private boolean hasRoom(String node, long bytes) {
    long free = turn.cluster().node(node).map(Node::getFreeBytes).orElse(0L);
    return 2 * (bytesTaken.getOrDefault(node, 0L) + bytes) <= free;
  }
}
