package dev.shardstream.streams.command;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.record.CommandProgress;
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
      give(turn, command, DdlStatus.PENDING, About.nothing(command), null, message);
    }
  }

  /** The command has begun. */
  public static void running(
      Turn turn, DdlCommand command, String tableId, @Nullable String changeLogId) {
    turn.emit(
        new Decision.ProgressStored(
            NextProgress.after(progress(turn, command))
                .running(tableId)
                .changeLogId(changeLogId)
                .progress()));
  }

  /** The command is in the catalog; its shards follow. */
  public static void accepted(Turn turn, DdlCommand command, Table table) {
    give(turn, command, DdlStatus.ACCEPTED, About.of(table), null, null);
  }

  /** The command is on all shards. Its last result. */
  public static void applied(Turn turn, DdlCommand command, Table table) {
    applied(turn, command, table, table.getSchemaVersion());
  }

  /** The same for a command that made a version which may not be the last one any more. */
  public static void applied(Turn turn, DdlCommand command, Table table, int schemaVersion) {
    About about = new About(table.getName(), table.getTableId(), schemaVersion);
    give(turn, command, DdlStatus.APPLIED, about, null, null);
    finish(turn, command);
  }

  /** The command had nothing to do. Its last result. */
  public static void applied(Turn turn, DdlCommand command) {
    give(turn, command, DdlStatus.APPLIED, About.nothing(command), null, null);
    finish(turn, command);
  }

  /**
   * The command was refused, or what it began has failed and was undone. Its last result; an
   * accepted RESHARD that fails ends here too, with RESHARD_FAILED.
   */
  public static void rejected(Turn turn, DdlCommand command, ShardstreamException why) {
    give(
        turn,
        command,
        DdlStatus.REJECTED,
        About.nothing(command),
        why.code().name(),
        why.getMessage());
    finish(turn, command);
  }

  /** The table that a result is about, as far as there is one. */
  private record About(
      @Nullable String table, @Nullable String tableId, @Nullable Integer schemaVersion) {

    static About of(Table table) {
      return new About(table.getName(), table.getTableId(), table.getSchemaVersion());
    }

    static About nothing(DdlCommand command) {
      return new About(Operations.table(command.getOperation()).orElse(null), null, null);
    }
  }

  private static void give(
      Turn turn,
      DdlCommand command,
      DdlStatus status,
      About about,
      @Nullable String code,
      @Nullable String message) {
    CommandProgress progress = progress(turn, command);
    turn.emit(
        new Decision.ResultStored(
            new DdlResult(
                command.getId(),
                command.getDatabase(),
                status,
                turn.now(),
                Operations.name(command.getOperation()),
                command.getIssuedBy(),
                command.getDependsOn(),
                about.table(),
                about.tableId() == null ? progress.getTableId() : about.tableId(),
                about.schemaVersion(),
                progress.getChangeLogId(),
                code,
                message,
                null)));
  }

  private static void finish(Turn turn, DdlCommand command) {
    turn.emit(
        new Decision.ProgressStored(
            NextProgress.after(progress(turn, command)).finished().progress()));
  }

  private static CommandProgress progress(Turn turn, DdlCommand command) {
    return Objects.requireNonNull(turn.state().progress(command.getId()), command.getId());
  }
}
