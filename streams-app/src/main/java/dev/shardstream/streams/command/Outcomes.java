package dev.shardstream.streams.command;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.ReshardPlan;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The results of commands: each transition once, and what changes in its words. */
public final class Outcomes {
  private Outcomes() {}

  /** Says what a command waits for, unless that was the last thing said. */
  public static void pending(Turn turn, DdlCommand command, String message) {
    DdlResult last = turn.state().result(command.getId()).orElse(null);
    if (last == null
        || last.getStatus() == DdlStatus.PENDING && !message.equals(last.getMessage())) {
      give(turn, command, DdlStatus.PENDING, About.nothing(command), Words.of(message));
    }
  }

  /** The command has begun; on a table, unless it is about none. */
  public static void running(
      Turn turn, DdlCommand command, @Nullable String tableId, @Nullable String changeLogId) {
    turn.emit(
        new Decision.ProgressStored(
            NextProgress.after(progress(turn, command))
                .running(tableId)
                .changeLogId(changeLogId)
                .progress()));
  }

  /** The command is in the catalog; its shards follow. */
  public static void accepted(Turn turn, DdlCommand command, Table table) {
    give(turn, command, DdlStatus.ACCEPTED, About.of(table), Words.NONE);
  }

  /** The command is under way: how far, in words; said again when these change. */
  public static void accepted(Turn turn, DdlCommand command, String message) {
    DdlResult last = turn.state().result(command.getId()).orElse(null);
    if (last == null
        || last.getStatus() != DdlStatus.ACCEPTED
        || !message.equals(last.getMessage())) {
      give(turn, command, DdlStatus.ACCEPTED, About.nothing(command), Words.of(message));
    }
  }

  /** The command is on all shards. Its last result. */
  public static void applied(Turn turn, DdlCommand command, Table table) {
    applied(turn, command, table, table.getSchemaVersion());
  }

  /** The same for a command that made a version which may not be the last one any more. */
  public static void applied(Turn turn, DdlCommand command, Table table, int schemaVersion) {
    About about = new About(table.getName(), table.getTableId(), schemaVersion);
    give(turn, command, DdlStatus.APPLIED, about, Words.NONE);
    finish(turn, command);
  }

  /** The command had nothing to do. Its last result. */
  public static void applied(Turn turn, DdlCommand command) {
    give(turn, command, DdlStatus.APPLIED, About.nothing(command), Words.NONE);
    finish(turn, command);
  }

  /** The command only asked: the answer, in words. Its last result. */
  public static void told(Turn turn, DdlCommand command, String answer) {
    give(turn, command, DdlStatus.APPLIED, About.nothing(command), Words.of(answer));
    finish(turn, command);
  }

  /** The command asked for a plan of a reshard only. Its last result. */
  public static void planned(
      Turn turn, DdlCommand command, Table table, ReshardPlan plan, @Nullable String message) {
    give(turn, command, DdlStatus.APPLIED, About.of(table), new Words(null, message, plan));
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
        new Words(why.code().name(), why.getMessage(), null));
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

  /** What a result says besides its status. */
  private record Words(
      @Nullable String code, @Nullable String message, @Nullable ReshardPlan plan) {
    static final Words NONE = new Words(null, null, null);

    static Words of(String message) {
      return new Words(null, message, null);
    }
  }

  private static void give(
      Turn turn, DdlCommand command, DdlStatus status, About about, Words words) {
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
                words.code(),
                words.message(),
                words.plan())));
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
