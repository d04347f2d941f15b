package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.streams.command.NextProgress;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStep;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where an alteration or an index is, kept so that a restart goes on there. */
final class CommandSteps {
  private CommandSteps() {}

  /**
   * The command has begun.
   *
   * @param indexId index that it makes or drops, null for none
   */
  static CommandProgress begin(
      Turn turn,
      CommandProgress progress,
      String tableId,
      CommandStep step,
      @Nullable Integer indexId) {
    return store(
        turn, NextProgress.after(progress).running(tableId).step(step).indexId(indexId).progress());
  }

  static CommandProgress go(Turn turn, CommandProgress progress, CommandStep step) {
    return store(turn, NextProgress.after(progress).step(step).progress());
  }

  /** What was begun cannot be: the rule that was tried must end before anybody is told. */
  static CommandProgress undo(Turn turn, CommandProgress progress, ShardstreamException why) {
    return store(
        turn,
        NextProgress.after(progress)
            .step(CommandStep.UNDOING)
            .error(why.code().name(), why.getMessage())
            .progress());
  }

  /** Why a command is being undone. */
  static ShardstreamException reason(CommandProgress progress) {
    return ShardstreamException.reported(
        Objects.requireNonNull(progress.getErrorCode()),
        Objects.requireNonNull(progress.getErrorMessage()));
  }

  /** Rejects a command that was undone, and forgets what was asked for it. */
  static void reject(
      Turn turn, DdlCommand command, CommandProgress progress, ShardstreamException why) {
    LogRules.close(turn, progress);
    Outcomes.rejected(turn, command, why);
  }

  private static CommandProgress store(Turn turn, CommandProgress progress) {
    turn.emit(new Decision.ProgressStored(progress));
    return progress;
  }
}
