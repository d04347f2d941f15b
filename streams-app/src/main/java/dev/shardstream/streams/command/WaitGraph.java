package dev.shardstream.streams.command;

import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.state.DatabaseState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which unfinished command waits for which.
 *
 * <p>A command waits for those that it depends on, and for every earlier one on the same table name
 * that is not settled, except for one that (over any number of steps) waits for it: so events that
 * come in the wrong order still find their order. What users say comes first, then the order of the
 * log as far as it does not contradict: so only users can make a cycle.
 */
public final class WaitGraph {
  private final DatabaseState state;
  private final Map<String, Set<String>> edges = new HashMap<>();
  private final Map<String, String> queuedBehind = new HashMap<>();
  private final Set<String> dependedOn = new HashSet<>();

  private WaitGraph(DatabaseState state) {
    this.state = state;
  }

  /** The graph of a database's unfinished commands. */
  public static WaitGraph of(DatabaseState state) {
    WaitGraph graph = new WaitGraph(state);
    for (DdlCommand command : state.unfinished()) {
      graph.edges.put(command.getId(), new LinkedHashSet<>(command.getDependsOn()));
      graph.dependedOn.addAll(command.getDependsOn());
    }
    Map<String, List<String>> byTable = new HashMap<>();
    for (DdlCommand command : state.unfinished()) {
      for (String name : TouchedNames.of(command.getOperation())) {
        List<String> earlier = byTable.computeIfAbsent(name, t -> new ArrayList<>());
        graph.queue(command, earlier);
        earlier.add(command.getId());
      }
    }
    return graph;
  }

  private void queue(DdlCommand command, List<String> earlier) {
    for (String id : earlier) {
      if (!isSettled(id) && !reaches(id, command.getId())) {
        edges.computeIfAbsent(command.getId(), c -> new LinkedHashSet<>()).add(id);
        queuedBehind.put(command.getId(), id);
      }
    }
  }

  /**
   * Whether later commands on the same names may go on. Only a table that is being made holds them
   * up when it is in the catalog: everything else goes on beside them.
   */
  private boolean isSettled(String commandId) {
    CommandProgress progress = state.progress(commandId);
    Object operation = state.command(commandId).orElseThrow().getOperation();
    boolean accepted =
        state.result(commandId).filter(r -> r.getStatus() == DdlStatus.ACCEPTED).isPresent();
    return progress == null
        || progress.getStage() == CommandStage.FINISHED
        || accepted && !(operation instanceof CreateTable);
  }

  /** The earlier command on the same table that a command has to wait for. */
  public Optional<String> queuedBehind(String commandId) {
    return Optional.ofNullable(queuedBehind.get(commandId));
  }

  /** Commands from one back to itself over dependencies that users gave; empty for no cycle. */
  public List<String> cycle(DdlCommand command) {
    Map<String, String> cameFrom = new HashMap<>();
    Deque<String> open = new ArrayDeque<>(List.of(command.getId()));
    while (!open.isEmpty()) {
      String at = open.poll();
      for (String next : dependencies(at)) {
        if (next.equals(command.getId())) {
          return path(cameFrom, at, command.getId());
        }
        if (cameFrom.putIfAbsent(next, at) == null) {
          open.add(next);
        }
      }
    }
    return List.of();
  }

  private static List<String> path(Map<String, String> cameFrom, String last, String start) {
    List<String> path = new ArrayList<>(List.of(start));
    for (String at = last; !at.equals(start); at = cameFrom.get(at)) {
      path.add(0, at);
    }
    path.add(0, start);
    return path;
  }

  private List<String> dependencies(String commandId) {
    return edges.containsKey(commandId)
        ? state.command(commandId).orElseThrow().getDependsOn()
        : List.of();
  }

  private boolean reaches(String from, String to) {
    if (!dependedOn.contains(to)) {
      return false;
    }
    Set<String> seen = new HashSet<>(Set.of(from));
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (String next : edges.getOrDefault(open.poll(), Set.of())) {
        if (next.equals(to)) {
          return true;
        }
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return false;
  }
}
