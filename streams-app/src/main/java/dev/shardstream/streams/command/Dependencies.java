package dev.shardstream.streams.command;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What users say a command depends on. */
public final class Dependencies {
  private Dependencies() {}

  /**
   * The dependency that a command waits for, in words; empty when all are applied.
   *
   * @throws ShardstreamException DEPENDENCY_REJECTED, DEPENDENCY_EXPIRED
   */
  public static Optional<String> toWaitFor(
      Turn turn, DdlCommand command, CommandProgress progress) {
    Optional<String> waitsFor = Optional.empty();
    for (String dependency : command.getDependsOn()) {
      DdlResult result = turn.state().result(dependency).orElse(null);
      if (result != null && result.getStatus() == DdlStatus.REJECTED) {
        throw new ShardstreamException(
            ErrorCode.DEPENDENCY_REJECTED,
            command.getId(),
            dependency,
            String.valueOf(result.getMessage()));
      }
      if (turn.state().progress(dependency) == null) {
        requirePatience(turn, command, progress, dependency);
      }
      if (waitsFor.isEmpty() && (result == null || result.getStatus() != DdlStatus.APPLIED)) {
        waitsFor = Optional.of("waits for command '" + dependency + "', on which it depends");
      }
    }
    return waitsFor;
  }

  private static void requirePatience(
      Turn turn, DdlCommand command, CommandProgress progress, String dependency) {
    long waited = turn.now() - progress.getReceivedAt();
    if (waited >= turn.limits().dependencyTimeout()) {
      throw new ShardstreamException(
          ErrorCode.DEPENDENCY_EXPIRED, command.getId(), waited / 1000, dependency);
    }
  }

  /**
   * Commands from one that has just come back to itself; empty for no cycle. Only a command that
   * others have been waiting for can close one.
   */
  static List<String> cycle(DatabaseState state, DdlCommand command) {
    if (state.order().dependents(command.getId()).isEmpty()) {
      return List.of();
    }
    Map<String, String> cameFrom = new HashMap<>();
    Deque<String> open = new ArrayDeque<>(List.of(command.getId()));
    while (!open.isEmpty()) {
      String at = open.poll();
      for (String next : ofUnfinished(state, at)) {
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

  private static List<String> ofUnfinished(DatabaseState state, String id) {
    CommandProgress progress = state.progress(id);
    return progress == null || progress.getStage() == CommandStage.FINISHED
        ? List.of()
        : state.command(id).orElseThrow().getDependsOn();
  }
}
