package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.streams.catalog.TableCreation;
import dev.shardstream.streams.catalog.TableDrop;
import dev.shardstream.streams.command.CommandIntake;
import dev.shardstream.streams.reshard.Digesting;
import dev.shardstream.streams.reshard.Resharding;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskWatch;
import dev.shardstream.streams.task.Tasks;
import java.util.List;

/**
 * Decides. An event first changes what is known (a command came, a task is done); then everything
 * in motion takes every step that it is ready for, until nothing moves. Steps look at the state and
 * not at the event, so a lost, doubled or late event delays a step and never changes it.
 */
public final class Coordinator {
  /** More rounds than any chain of steps is long; beyond it two steps undo each other. */
  private static final int MOST_ROUNDS = 10_000;

  private Coordinator() {}

  /**
   * What follows from an event. The decisions are applied to the state already.
   *
   * @param state of the event's database
   */
  public static List<Decision> decide(
      DatabaseState state, Event event, Moment moment, Limits limits) {
    Turn turn = new Turn(state, moment, limits);
    if (event instanceof Event.CommandReceived received) {
      CommandIntake.receive(turn, received.command(), received.at());
    } else if (event instanceof Event.TaskReported reported) {
      Tasks.absorb(turn, reported.event());
      Digesting.absorb(turn, reported.event());
    } else {
      TaskWatch.look(turn);
    }
    settle(turn);
    return turn.decisions();
  }

  private static void settle(Turn turn) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int before = turn.decisions().size();
      advance(turn);
      if (turn.decisions().size() == before) {
        return;
      }
    }
    throw new IllegalStateException(
        "Decisions of database " + turn.state().database() + " do not come to rest");
  }

  private static void advance(Turn turn) {
    CommandQueue.advance(turn);
    CommandQueue.advanceRunning(turn);
    for (Table table : List.copyOf(turn.state().tables())) {
      if (table.getStatus() == TableStatus.CREATING) {
        TableCreation.advance(turn, table);
      } else if (table.getStatus() == TableStatus.DROPPING) {
        TableDrop.advance(turn, table);
      }
    }
    for (Reshard reshard : List.copyOf(turn.state().reshards())) {
      Resharding.advance(turn, reshard);
    }
    TableDrop.forgetStrayDrops(turn);
  }
}
