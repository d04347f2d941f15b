package dev.shardstream.streams.move;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.placement.Acceptance;
import dev.shardstream.streams.placement.Holding;
import dev.shardstream.streams.placement.NodeChoice;
import dev.shardstream.streams.record.Movement;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.PlannedMove;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a drain moves next: the shards of a few tables, each to the node that has fewest, among
 * those that have room for it if there are any.
 */
final class Draining {
  private final Turn turn;
  private final String nodeId;
  private final NodeChoice choice;

  private Draining(Turn turn, String nodeId) {
    this.turn = turn;
    this.nodeId = nodeId;
    this.choice = new NodeChoice(turn);
  }

  /**
   * @param tables most tables of which shards may be moved
   */
  static NextMoves next(Turn turn, Movement movement, int tables) {
    return new Draining(turn, String.valueOf(movement.getNodeId())).next(tables);
  }

  private NextMoves next(int mostTables) {
    int left = choice.load(nodeId) + strays();
    List<Table> ready = turn.state().tables().stream().filter(this::canBeMoved).toList();
    if (ready.isEmpty() || mostTables == 0) {
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
    // What cannot leave does not count, or else the first few of it would hold up all the others.
    List<List<PlannedMove>> moves =
        ready.stream()
            .map(t -> moves(topology(t)))
            .filter(batch -> !batch.isEmpty())
            .limit(mostTables)
            .toList();
    return moves.isEmpty()
        ? NextMoves.waiting(left, anotherHolder(ready.get(0)))
        : NextMoves.of(left, moves);
  }

  private String anotherHolder(Table table) {
    return "another node that takes shards and has none of the rows of shard %d of table '%s'"
        .formatted(held(topology(table)).get(0).getId(), table.getName());
  }

  private Topology topology(Table table) {
    return turn.state().topology(table.getTableId()).orElseThrow();
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
    return topology.getShards().stream()
        .filter(s -> s.getStatus() == ShardStatus.ACTIVE && s.getNodeId().equals(nodeId))
        .toList();
  }

  private List<PlannedMove> moves(Topology topology) {
    Map<Holding, Set<String>> holders =
        topology.getShards().stream()
            .filter(s -> s.getStatus() == ShardStatus.ACTIVE)
            .collect(
                Collectors.groupingBy(
                    Holding::of, Collectors.mapping(Shard::getNodeId, Collectors.toSet())));
    return held(topology).stream()
        .flatMap(s -> move(topology, s, holders.get(Holding.of(s))).stream())
        .limit(NextMoves.MOST_PER_RESHARD)
        .toList();
  }

  private Optional<PlannedMove> move(Topology topology, Shard shard, Set<String> holders) {
    return choice
        .next(topology, shard, holders)
        .map(to -> new PlannedMove(topology.getTableId(), shard.getId(), to));
  }
}
