package dev.shardstream.streams.command;

import dev.shardstream.streams.order.CommandOrder;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Puts commands behind a dependency that came after them: they get its rank, so that the order of
 * the log does not contradict what their users said.
 */
final class Ranks {
  private Ranks() {}

  /**
   * Raises everything that waits, over any number of steps, for a command that has just come. It
   * must not close a cycle.
   */
  static void raise(Turn turn, String commandId) {
    DatabaseState state = turn.state();
    Set<String> raised = behind(state.order(), commandId);
    if (raised.isEmpty()) {
      return;
    }
    long rank = progress(state, commandId).getSequence();
    Map<String, Integer> open = new HashMap<>();
    for (String id : raised) {
      open.put(id, (int) dependencies(state, id).filter(among(raised, commandId)).count());
    }
    Map<String, Integer> depths = new HashMap<>(Map.of(commandId, 0));
    Deque<String> ready = new ArrayDeque<>(Set.of(commandId));
    while (!ready.isEmpty()) {
      String at = ready.poll();
      int next = depths.get(at) + 1;
      for (String dependent : state.order().dependents(at)) {
        depths.merge(dependent, next, Math::max);
        if (open.merge(dependent, -1, Integer::sum) == 0) {
          ready.add(dependent);
        }
      }
    }
    raised.forEach(id -> turn.emit(raisedTo(progress(state, id), rank, depths.get(id))));
  }

  private static Set<String> behind(CommandOrder order, String commandId) {
    Set<String> behind = new LinkedHashSet<>(order.dependents(commandId));
    Deque<String> open = new ArrayDeque<>(behind);
    while (!open.isEmpty()) {
      for (String next : order.dependents(open.poll())) {
        if (behind.add(next)) {
          open.add(next);
        }
      }
    }
    return behind;
  }

  private static Stream<String> dependencies(DatabaseState state, String id) {
    return state.command(id).orElseThrow().getDependsOn().stream().distinct();
  }

  private static Predicate<String> among(Set<String> raised, String commandId) {
    return id -> id.equals(commandId) || raised.contains(id);
  }

  private static Decision raisedTo(CommandProgress progress, long rank, int depth) {
    return new Decision.ProgressStored(NextProgress.after(progress).place(rank, depth).progress());
  }

  private static CommandProgress progress(DatabaseState state, String id) {
    return Objects.requireNonNull(state.progress(id), id);
  }
}
