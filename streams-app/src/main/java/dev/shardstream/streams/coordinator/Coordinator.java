package dev.shardstream.streams.coordinator;

import dev.shardstream.streams.command.CommandIntake;
import dev.shardstream.streams.livequery.LiveQueryWatch;
import dev.shardstream.streams.move.Moving;
import dev.shardstream.streams.replica.Keeper;
import dev.shardstream.streams.replica.LostRows;
import dev.shardstream.streams.replica.Orphans;
import dev.shardstream.streams.reshard.Digesting;
import dev.shardstream.streams.reshard.Sampling;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskWatch;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.Optional;

/**
 * Decides. An event first changes what is known (a command came, a task is done); then whatever may
 * wait for that takes every step that it is ready for, until nothing moves. Steps look at the state
 * and not at the event, so a lost, doubled or late event delays a step and never changes it. Only
 * the passing of time looks at all that is in motion; nothing looks at what is at rest.
 */
public final class Coordinator {
  /** More steps than any event leads to; beyond it two steps undo each other. */
  private static final int MOST_STEPS = 1_000_000;

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
      state.markChanged(reported.event().getTableId());
      Tasks.absorb(turn, reported.event());
      Digesting.absorb(turn, reported.event());
      Sampling.absorb(turn, reported.event());
    } else if (event instanceof Event.LiveQueryHeard heard) {
      LiveQueryWatch.heard(turn, heard.key(), heard.query());
    } else {
      LiveQueryWatch.expire(turn);
      state.markAllInMotion();
      state.order().lookAtThoseThatWaitForTime(moment.now() - limits.dependencyTimeout());
      LostRows.forgetStrayTasks(turn);
      TaskWatch.look(turn);
      Moving.advance(turn);
      Keeper.look(turn);
    }
    settle(turn);
    return turn.decisions();
  }

  /** Whether the passing of time can matter to a database. */
  public static boolean needsTime(DatabaseState state, Cluster cluster, Limits limits) {
    return state.isInMotion()
        || !state.replicatedTables().isEmpty()
        || Orphans.areThere(state, cluster, limits)
        || LostRows.areThere(state, cluster, limits);
  }

  private static void settle(Turn turn) {
    DatabaseState state = turn.state();
    for (int step = 0; step < MOST_STEPS; step++) {
      Optional<String> command = state.order().nextToLookAt();
      Optional<String> table = command.isEmpty() ? state.nextChangedTable() : Optional.empty();
      if (command.isPresent()) {
        CommandQueue.look(turn, command.get());
      } else if (table.isPresent()) {
        TableSteps.advance(turn, table.get());
      } else {
        return;
      }
    }
    throw new IllegalStateException(
        "Decisions of database " + turn.state().database() + " do not come to rest");
  }
}
