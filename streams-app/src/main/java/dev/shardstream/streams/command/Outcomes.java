package dev.shardstream.streams.command;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The results of commands: each transition once. */
public final class Outcomes {
  private Outcomes() {}

  /** Says what a command waits for, unless that was the last thing said. */
  public static void pending(Turn turn, DdlCommand command, String message) {
    DdlResult last = turn.state().result(command.getId()).orElse(null);
    if (last == null
        || last.getStatus() == DdlStatus.PENDING && !message.equals(last.getMessage())) {
      give(turn, result(turn, command, DdlStatus.PENDING).setMessage(message));
    }
  }

  /** The command has begun. */
  public static void running(
      Turn turn, DdlCommand command, String tableId, @Nullable String changeLogId) {
    turn.emit(
        new Decision.ProgressStored(
            CommandProgress.newBuilder(progress(turn, command))
                .setStage(CommandStage.RUNNING)
                .setTableId(tableId)
                .setChangeLogId(changeLogId)
                .build()));
  }

  /** The command is in the catalog; its shards follow. */
  public static void accepted(Turn turn, DdlCommand command, Table table) {
    give(turn, about(turn, command, DdlStatus.ACCEPTED, table));
  }

  /** The command is on all shards. Its last result. */
  public static void applied(Turn turn, DdlCommand command, Table table) {
    give(turn, about(turn, command, DdlStatus.APPLIED, table));
    finish(turn, command);
  }

  /** The same for a command that made a version which may not be the last one any more. */
  public static void applied(Turn turn, DdlCommand command, Table table, int schemaVersion) {
    give(turn, about(turn, command, DdlStatus.APPLIED, table).setSchemaVersion(schemaVersion));
    finish(turn, command);
  }

  /** The command had nothing to do. Its last result. */
  public static void applied(Turn turn, DdlCommand command) {
    give(turn, result(turn, command, DdlStatus.APPLIED));
    finish(turn, command);
  }

  /**
   * The command was refused, or what it began has failed and was undone. Its last result; an
   * accepted RESHARD that fails ends here too, with RESHARD_FAILED.
   */
  public static void rejected(Turn turn, DdlCommand command, ShardstreamException why) {
    give(
        turn,
        result(turn, command, DdlStatus.REJECTED)
            .setCode(why.code().name())
            .setMessage(why.getMessage()));
    finish(turn, command);
  }

  private static DdlResult.Builder about(
      Turn turn, DdlCommand command, DdlStatus status, Table table) {
    return result(turn, command, status)
        .setTable(table.getName())
        .setTableId(table.getTableId())
        .setSchemaVersion(table.getSchemaVersion());
  }

  private static DdlResult.Builder result(Turn turn, DdlCommand command, DdlStatus status) {
    CommandProgress progress = progress(turn, command);
    return DdlResult.newBuilder()
        .setCommandId(command.getId())
        .setDatabase(command.getDatabase())
        .setStatus(status)
        .setAt(turn.now())
        .setOperation(Operations.name(command.getOperation()))
        .setIssuedBy(command.getIssuedBy())
        .setDependsOn(command.getDependsOn())
        .setTable(Operations.table(command.getOperation()).orElse(null))
        .setTableId(progress.getTableId())
        .setChangeLogId(progress.getChangeLogId());
  }

  private static void give(Turn turn, DdlResult.Builder result) {
    turn.emit(new Decision.ResultStored(result.build()));
  }

  private static void finish(Turn turn, DdlCommand command) {
    turn.emit(
        new Decision.ProgressStored(
            CommandProgress.newBuilder(progress(turn, command))
                .setStage(CommandStage.FINISHED)
                .build()));
  }

  private static CommandProgress progress(Turn turn, DdlCommand command) {
    return Objects.requireNonNull(turn.state().progress(command.getId()), command.getId());
  }
}
