package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.streams.command.Dependencies;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Turn;
import java.util.Optional;

/** Starts the commands whose turn it is. */
final class CommandQueue {
  private CommandQueue() {}

  /** Looks at a command: it is rejected, starts, or says what it waits for. */
  static void look(Turn turn, String commandId) {
    DatabaseState state = turn.state();
    DdlCommand command = state.command(commandId).orElseThrow();
    CommandProgress progress = state.progress(commandId);
    if (progress == null || progress.getStage() != CommandStage.WAITING) {
      return;
    }
    try {
      Optional<String> reason = Dependencies.toWaitFor(turn, command, progress);
      if (reason.isEmpty()) {
        reason =
            state
                .order()
                .predecessor(commandId)
                .map(p -> "waits for command '" + p.id() + "' " + p.where());
      }
      if (reason.isPresent()) {
        Outcomes.pending(turn, command, reason.get());
      } else {
        start(turn, command, progress);
      }
    } catch (ShardstreamException refused) {
      Outcomes.rejected(turn, command, refused);
    }
  }

  private static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    OperationSteps.start(turn, command, progress);
    CommandProgress after = turn.state().progress(command.getId());
    if (after != null && after.getStage() == CommandStage.WAITING) {
      turn.state().order().stall(command.getId());
    }
  }
}
