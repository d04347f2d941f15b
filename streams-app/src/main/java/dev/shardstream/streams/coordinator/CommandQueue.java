package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.command.WaitGraph;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.Optional;

/** Starts the commands whose turn it is. */
final class CommandQueue {
  private CommandQueue() {}

  /**
   * Looks at every waiting command once, in order. What starts here lets others start the next
   * time.
   */
  static void advance(Turn turn) {
    WaitGraph graph = WaitGraph.of(turn.state());
    for (DdlCommand command : turn.state().unfinished()) {
      CommandProgress progress = turn.state().progress(command.getId());
      if (progress != null && progress.getStage() == CommandStage.WAITING) {
        advance(turn, graph, command, progress);
      }
    }
  }

  /** Lets every command that has begun take the steps that it is ready for. */
  static void advanceRunning(Turn turn) {
    for (DdlCommand command : turn.state().unfinished()) {
      CommandProgress progress = turn.state().progress(command.getId());
      if (progress != null && progress.getStage() == CommandStage.RUNNING) {
        OperationSteps.advance(turn, command, progress);
      }
    }
  }

  private static void advance(
      Turn turn, WaitGraph graph, DdlCommand command, CommandProgress progress) {
    try {
      Optional<String> reason = dependencyToWaitFor(turn, graph, command, progress);
      if (reason.isEmpty()) {
        reason =
            graph
                .queuedBehind(command.getId())
                .map(id -> "waits for command '" + id + "' on the same table");
      }
      if (reason.isPresent()) {
        Outcomes.pending(turn, command, reason.get());
      } else {
        OperationSteps.start(turn, command, progress);
      }
    } catch (ShardstreamException refused) {
      Outcomes.rejected(turn, command, refused);
    }
  }

  private static Optional<String> dependencyToWaitFor(
      Turn turn, WaitGraph graph, DdlCommand command, CommandProgress progress) {
    List<String> cycle = graph.cycle(command);
    if (!cycle.isEmpty()) {
      throw new ShardstreamException(
          ErrorCode.DEPENDENCY_CYCLE, command.getId(), String.join(" -> ", cycle));
    }
    Optional<String> waitsFor = Optional.empty();
    for (String dependency : command.getDependsOn()) {
      DdlResult result = turn.state().result(dependency).orElse(null);
      boolean isKnown = turn.state().progress(dependency) != null;
      if (result != null && result.getStatus() == DdlStatus.REJECTED) {
        throw new ShardstreamException(
            ErrorCode.DEPENDENCY_REJECTED,
            command.getId(),
            dependency,
            String.valueOf(result.getMessage()));
      }
      if (!isKnown) {
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
}
