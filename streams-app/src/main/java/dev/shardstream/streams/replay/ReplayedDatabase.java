package dev.shardstream.streams.replay;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.streams.coordinator.Coordinator;
import dev.shardstream.streams.coordinator.Event;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Moment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One database in the ideal world. */
final class ReplayedDatabase {
  private static final Limits LIMITS = Limits.defaults();
  private static final long STEP_MILLIS = 1_000;
  private static final int MOST_STEPS = 10_000;

  private final DatabaseState state;
  private final IdealWorld world;
  private final Consumer<DdlResult> results;
  private final Deque<TaskEvent> reports = new ArrayDeque<>();

  /** Tables that something was decided about since the world came to rest. */
  private final Set<String> moving = new HashSet<>();

  ReplayedDatabase(String name, Map<String, String> refusals, Consumer<DdlResult> results) {
    this.state = new DatabaseState(name);
    this.world = new IdealWorld(state, refusals);
    this.results = results;
  }

  DatabaseState state() {
    return state;
  }

  /** Takes a command, after everything that had to happen before its time. */
  void receive(DdlCommand command, long at) {
    pass(at);
    decide(new Event.CommandReceived(command, at), at);
    settle(at);
  }

  /** Lets time pass. */
  void pass(long now) {
    if (state.isInMotion()) {
      decide(new Event.Tick(), now);
      settle(now);
    }
  }

  /** Runs until nothing is under way; only what waits for other commands is left. */
  private void settle(long from) {
    long now = from;
    for (int step = 0; step < MOST_STEPS; step++) {
      while (!reports.isEmpty()) {
        decide(new Event.TaskReported(reports.poll()), now);
      }
      boolean quiet = state.isInMotion() ? decide(new Event.Tick(), now).isEmpty() : true;
      if (quiet && reports.isEmpty()) {
        if (state.tasks().isEmpty() && state.reshards().isEmpty()) {
          moving.clear();
          return;
        }
        // A switch has a period of grace, which only time ends.
        now += STEP_MILLIS;
      }
    }
    throw new IllegalStateException(
        "Database " + state.database() + " does not come to rest: " + state.tasks());
  }

  private List<Decision> decide(Event event, long now) {
    if (event instanceof Event.TaskReported reported) {
      moving.add(reported.event().getTableId());
    }
    List<Decision> decisions =
        Coordinator.decide(state, event, new Moment(now, world.cluster(moving)), LIMITS);
    List<TaskEvent> answers = new ArrayList<>();
    for (Decision decision : decisions) {
      if (decision instanceof Decision.ShardTaskIssued issued) {
        moving.add(issued.task().getTableId());
        answers.addAll(world.perform(issued.task()));
      } else if (decision instanceof Decision.ProvisionTaskIssued issued) {
        moving.add(issued.task().getTableId());
        answers.addAll(world.perform(issued.task()));
      } else if (decision instanceof Decision.ResultStored stored) {
        results.accept(stored.result());
      } else if (decision instanceof Decision.TableStored stored) {
        moving.add(stored.table().getTableId());
      }
    }
    reports.addAll(answers);
    return decisions;
  }
}
