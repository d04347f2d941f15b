package dev.shardstream.streams.move;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.Movement;
import dev.shardstream.streams.record.PlannedMove;
import dev.shardstream.streams.reshard.ReshardStart;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes drains and rebalances to their ends. Each is a command that was accepted and begins
 * reshards, of a few tables at a time, until nothing is left to move. After a reshard that has
 * failed others follow, later and not for ever; one that an operator cancels or rolls back, or that
 * finds a difference, ends the whole.
 */
public final class Moving {
  private static final int MOST_FAILURES = 6;

  private final Turn turn;
  private Movement movement;

  private Moving(Turn turn, Movement movement) {
    this.turn = turn;
    this.movement = movement;
  }

  /** A drain or a rebalance has come; what can be begun at once is. */
  static void begin(Turn turn, DdlCommand command, Movement movement) {
    Outcomes.running(turn, command, null, null);
    turn.emit(new Decision.MovementStored(movement));
    new Moving(turn, movement).advance();
  }

  /** Time has passed: takes every step that drains and rebalances are ready for. */
  public static void advance(Turn turn) {
    turn.state().movements().running().forEach(m -> new Moving(turn, m).advance());
  }

  /** Ends a drain or a rebalance; the reshards that it has begun go on. */
  static void giveUp(Turn turn, Movement movement, String why) {
    new Moving(turn, movement).giveUp(why);
  }

  private void advance() {
    List<String> ended =
        movement.getReshards().stream().filter(id -> turn.state().reshard(id).isEmpty()).toList();
    if (ended.stream().allMatch(this::takeIn)) {
      follow(movement.getNodeId() == null ? ofRebalance() : ofDrain());
    }
  }

  private NextMoves ofDrain() {
    return Draining.next(turn, movement, freeTables());
  }

  private NextMoves ofRebalance() {
    if (movement.getPlanned()) {
      List<PlannedMove> wanted = Rebalancing.stillWanted(turn, movement.getMoves());
      if (wanted.size() < movement.getMoves().size()) {
        store(Movement.newBuilder(movement).setMoves(wanted));
      }
    } else {
      Optional<String> toWaitFor =
          isTime() ? Rebalancing.toWaitFor(turn, movement) : Optional.of("another try");
      if (toWaitFor.isPresent()) {
        return NextMoves.unknown(toWaitFor.get());
      }
      List<PlannedMove> plan = Rebalancing.plan(turn, movement);
      store(Movement.newBuilder(movement).setPlanned(true).setMoves(plan));
      if (!plan.isEmpty()) {
        Outcomes.accepted(turn, command(), Rebalancing.words(turn, plan));
      }
    }
    return Rebalancing.next(turn, movement, freeTables());
  }

  private boolean isTime() {
    return movement.getRetryAt() == null || turn.now() >= movement.getRetryAt();
  }

  private int freeTables() {
    int busy =
        turn.state().movements().running().stream().mapToInt(m -> m.getReshards().size()).sum();
    return Math.max(0, turn.limits().tablesAtOnce() - busy);
  }

  private void follow(NextMoves next) {
    if (next.left() == 0) {
      if (movement.getNodeId() == null) {
        Rebalancing.spreadOwners(turn, movement);
      }
      turn.emit(new Decision.MovementGone(movement.getCommandId()));
      Outcomes.applied(turn, command());
      return;
    }
    String obstacle = isTime() ? next.obstacle() : null;
    boolean goesOn =
        obstacle == null ? next.batches().stream().allMatch(this::reshard) : failed(obstacle);
    if (goesOn) {
      Outcomes.accepted(turn, command(), next.words(movement));
    }
  }

  /** Begins the reshard of one table if it is time; false when that has ended the movement. */
  private boolean reshard(List<PlannedMove> batch) {
    if (!isTime()) {
      return true;
    }
    Table table = turn.state().table(batch.get(0).getTableId()).orElseThrow();
    int started = movement.getStarted() + 1;
    String id = turn.state().database() + "-r" + movement.getNumber() + "." + started;
    try {
      ReshardStart.begin(
          turn,
          movement.getCommandId(),
          id,
          table,
          MoveStart.reshard(turn.state().topology(table.getTableId()).orElseThrow(), batch, null));
    } catch (ShardstreamException refused) {
      return failed(refused.getMessage());
    }
    List<String> reshards = new ArrayList<>(movement.getReshards());
    reshards.add(id);
    List<PlannedMove> moves = new ArrayList<>(movement.getMoves());
    moves.removeAll(batch);
    store(
        Movement.newBuilder(movement)
            .setStarted(started)
            .setReshards(reshards)
            .setMoves(moves)
            .setRetryAt(null));
    return true;
  }

  /** Takes in the outcome of a reshard; false when that has ended the movement. */
  private boolean takeIn(String changeLogId) {
    List<String> reshards = new ArrayList<>(movement.getReshards());
    reshards.remove(changeLogId);
    store(Movement.newBuilder(movement).setReshards(reshards));
    Reshard ended = turn.state().anyReshard(changeLogId).orElse(null);
    if (ended == null || ended.getStatus() == ReshardStatus.COMPLETE) {
      store(Movement.newBuilder(movement).setFailures(0).setRetryAt(null).setFailure(null));
      return true;
    }
    String which = "reshard '%s' of table '%s' ".formatted(changeLogId, ended.getTable());
    if (ended.getStatus() != ReshardStatus.FAILED) {
      boolean isCancelled = ended.getStatus() == ReshardStatus.CANCELLED;
      return giveUp(which + (isCancelled ? "was cancelled" : "was rolled back"));
    }
    String why = which + "failed: " + ended.getErrorMessage();
    return isDifference(ended) ? giveUp(why) : failed(why);
  }

  private static boolean isDifference(Reshard ended) {
    return ErrorCode.VERIFY_MISMATCH.name().equals(ended.getErrorCode());
  }

  /** One more failure: another try later, of another plan; false when it was the last. */
  private boolean failed(String why) {
    int failures = movement.getFailures() + 1;
    if (failures >= MOST_FAILURES) {
      return giveUp(why);
    }
    store(
        Movement.newBuilder(movement)
            .setFailures(failures)
            .setRetryAt(turn.now() + backoff(failures, turn.limits()))
            .setFailure(why)
            .setPlanned(false)
            .setMoves(List.of()));
    return true;
  }

  /** Doubles; in the end long enough for a node that was restarted to be back. */
  private static long backoff(int failures, Limits limits) {
    return Math.min(2 * limits.nodeTimeout(), (limits.taskTimeout() / 5) << (failures - 1));
  }

  private boolean giveUp(String why) {
    turn.emit(new Decision.MovementGone(movement.getCommandId()));
    Outcomes.rejected(
        turn, command(), new ShardstreamException(ErrorCode.MOVES_GIVEN_UP, name(), why));
    return false;
  }

  private String name() {
    if (movement.getNodeId() != null) {
      return "Drain of node '" + movement.getNodeId() + "'";
    }
    return tableName().map(t -> "Rebalance of table '" + t + "'").orElse("Rebalance");
  }

  private Optional<String> tableName() {
    return Optional.ofNullable(movement.getTableId())
        .flatMap(turn.state()::table)
        .map(Table::getName);
  }

  private void store(Movement.Builder next) {
    movement = next.build();
    turn.emit(new Decision.MovementStored(movement));
  }

  private DdlCommand command() {
    return turn.state().command(movement.getCommandId()).orElseThrow();
  }
}
