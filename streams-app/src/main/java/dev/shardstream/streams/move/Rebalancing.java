package dev.shardstream.streams.move;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.catalog.ExpectedVersion;
import dev.shardstream.streams.catalog.ReadyTable;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.placement.Acceptance;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.Movement;
import dev.shardstream.streams.record.PlannedMove;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** REBALANCE: its plan, when one can be made, and what of it is next. */
public final class Rebalancing {
  private static final int MOST_NAMED = 20;

  private Rebalancing() {}

  /**
   * Begins to spread shards evenly, or tells how that would be done.
   *
   * @throws dev.shardstream.schemas.contract.ShardstreamException TABLE_NOT_FOUND, TABLE_NOT_READY,
   *     SCHEMA_VERSION_CONFLICT
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    Rebalance operation = (Rebalance) command.getOperation();
    String name = operation.getTable();
    Movement.Builder movement =
        Movement.newBuilder().setCommandId(command.getId()).setNumber(progress.getNumber());
    if (name != null) {
      Table table = ReadyTable.require(turn.state().tableNamed(name), name);
      ExpectedVersion.require(command, table);
      movement.setTableId(table.getTableId());
    }
    if (operation.getDryRun()) {
      Outcomes.told(turn, command, toldPlan(turn, movement.build()));
    } else {
      Moving.begin(turn, command, movement.build());
    }
  }

  private static String toldPlan(Turn turn, Movement movement) {
    return toWaitFor(turn, movement)
        .map(what -> "No plan can be made yet: it waits for " + what)
        .orElseGet(() -> words(turn, plan(turn, movement)));
  }

  /**
   * What has to be over before a plan can be made: a node that may be back in a moment would be
   * left out, and a running reshard will put shards elsewhere.
   */
  static Optional<String> toWaitFor(Turn turn, Movement movement) {
    Optional<String> node = Acceptance.undecided(turn).map(id -> Acceptance.of(turn, id).why());
    if (node.isPresent()) {
      return node;
    } else if (turn.placeable().isEmpty()) {
      return Optional.of("a node that takes shards");
    }
    return turn.state().tables().stream()
        .filter(t -> isAbout(movement, t))
        .flatMap(t -> turn.state().topology(t.getTableId()).stream())
        .filter(t -> t.getChangeLogId() != null)
        .findFirst()
        .map(t -> "reshard '" + t.getChangeLogId() + "' to end before it is planned");
  }

  private static boolean isAbout(Movement movement, Table table) {
    return table.getStatus() == TableStatus.ACTIVE
        && (movement.getTableId() == null || movement.getTableId().equals(table.getTableId()));
  }

  /**
   * The fewest moves that spread the shards over the nodes that take some. Shards of a node that is
   * silent or leaves stay out of it: they could not be moved.
   */
  static List<PlannedMove> plan(Turn turn, Movement movement) {
    List<String> nodes = turn.placeable();
    Set<String> usable = new HashSet<>(nodes);
    turn.state().movements().drained().stream()
        .filter(id -> turn.cluster().isCurrent(id, turn.limits()))
        .forEach(usable::add);
    List<Balance.Held> held = new ArrayList<>();
    Map<String, Integer> others = new HashMap<>();
    for (Table table : turn.state().tables()) {
      Optional<Topology> topology = turn.state().topology(table.getTableId());
      for (Group group : topology.map(Group::of).orElse(List.of())) {
        for (Shard shard : group.holders()) {
          if (!isAbout(movement, table)) {
            others.merge(shard.getNodeId(), 1, Integer::sum);
          } else if (usable.contains(shard.getNodeId())) {
            held.add(
                new Balance.Held(
                    table.getTableId(), shard.getId(), shard.getNodeId(), group.owner().getId()));
          }
        }
      }
    }
    return Balance.plan(held, nodes, others);
  }

  /** What is left when every shard is where it shall be: owners, where that costs no move. */
  static void spreadOwners(Turn turn, Movement movement) {
    turn.state().tables().stream()
        .filter(t -> isAbout(movement, t))
        .filter(t -> isFree(turn, t.getTableId()))
        .flatMap(t -> turn.state().topology(t.getTableId()).stream())
        .flatMap(t -> OwnerSpread.next(turn, t).stream())
        .toList()
        .forEach(next -> turn.emit(new Decision.TopologyStored(next)));
  }

  /** A plan for people, like {@code 2 moves: orders 1 to node 'c', orders 4 to node 'c'}. */
  static String words(Turn turn, List<PlannedMove> plan) {
    String moves =
        plan.stream()
            .limit(MOST_NAMED)
            .map(
                m ->
                    "%s %d to node '%s'"
                        .formatted(
                            turn.state().table(m.getTableId()).orElseThrow().getName(),
                            m.getShardId(),
                            m.getToNode()))
            .collect(Collectors.joining(", "));
    String more = plan.size() > MOST_NAMED ? " and " + (plan.size() - MOST_NAMED) + " more" : "";
    if (plan.isEmpty()) {
      return "0 moves";
    }
    return plan.size() + (plan.size() == 1 ? " move: " : " moves: ") + moves + more;
  }

  /**
   * What of a plan is next. What has become of a shard that is not where it was planned to leave
   * from does not matter any more.
   *
   * @param tables most tables of which shards may be moved
   */
  static NextMoves next(Turn turn, Movement movement, int tables) {
    int left = movement.getMoves().size() + onTheirWay(turn, movement);
    Map<String, List<PlannedMove>> byTable = new HashMap<>();
    List<List<PlannedMove>> batches = new ArrayList<>();
    for (PlannedMove move : movement.getMoves()) {
      List<PlannedMove> ofTable =
          byTable.computeIfAbsent(
              move.getTableId(),
              id -> {
                List<PlannedMove> batch = new ArrayList<>();
                batches.add(batch);
                return batch;
              });
      if (ofTable.size() < NextMoves.MOST_PER_RESHARD) {
        ofTable.add(move);
      }
    }
    List<List<PlannedMove>> ready =
        batches.stream().filter(b -> isFree(turn, b.get(0).getTableId())).limit(tables).toList();
    for (PlannedMove move : ready.stream().flatMap(List::stream).toList()) {
      Acceptance acceptance = Acceptance.of(turn, move.getToNode());
      if (acceptance.answer() == Acceptance.Answer.NO) {
        return NextMoves.obstructed(
            left, "node '" + move.getToNode() + "' takes no shards: " + acceptance.why());
      } else if (acceptance.answer() == Acceptance.Answer.NOT_YET) {
        return NextMoves.waiting(left, acceptance.why());
      }
    }
    return NextMoves.of(left, ready);
  }

  private static boolean isFree(Turn turn, String tableId) {
    return turn.state().topology(tableId).filter(t -> t.getChangeLogId() == null).isPresent();
  }

  private static int onTheirWay(Turn turn, Movement movement) {
    return movement.getReshards().stream()
        .flatMap(id -> turn.state().reshard(id).stream())
        .mapToInt(r -> r.getSourceShards().size())
        .sum();
  }

  /** The moves of a plan that still make sense. */
  static List<PlannedMove> stillWanted(Turn turn, List<PlannedMove> plan) {
    return plan.stream()
        .filter(
            m ->
                turn.state()
                    .table(m.getTableId())
                    .filter(t -> t.getStatus() == TableStatus.ACTIVE)
                    .flatMap(t -> turn.state().topology(t.getTableId()))
                    .filter(t -> isStillWanted(t, m))
                    .isPresent())
        .toList();
  }

  private static boolean isStillWanted(Topology topology, PlannedMove move) {
    return MoveStart.active(topology, move.getShardId())
        .filter(s -> !Group.of(topology, s).nodes().contains(move.getToNode()))
        .isPresent();
  }
}
