package dev.shardstream.streams.command;

import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.record.CommandStep;
import org.jspecify.annotations.Nullable;

/**
 * Where a command is next. Avro's builder copies every field deeply and looks it up in the schema;
 * this happens several times for every command.
 */
public final class NextProgress {
  private final CommandProgress last;
  private CommandStage stage;
  private @Nullable String tableId;
  private @Nullable String changeLogId;
  private long rank;
  private int depth;
  private CommandStep step;
  private @Nullable Integer indexId;
  private @Nullable String errorCode;
  private @Nullable String errorMessage;

  private NextProgress(CommandProgress last) {
    this.last = last;
    stage = last.getStage();
    tableId = last.getTableId();
    changeLogId = last.getChangeLogId();
    rank = last.getRank();
    depth = last.getDepth();
    step = last.getStep();
    indexId = last.getIndexId();
    errorCode = last.getErrorCode();
    errorMessage = last.getErrorMessage();
  }

  public static NextProgress after(CommandProgress last) {
    return new NextProgress(last);
  }

  /** The command has begun; on a table, unless it is about none. */
  public NextProgress running(@Nullable String table) {
    stage = CommandStage.RUNNING;
    tableId = table;
    return this;
  }

  NextProgress finished() {
    stage = CommandStage.FINISHED;
    return this;
  }

  NextProgress changeLogId(@Nullable String id) {
    changeLogId = id;
    return this;
  }

  NextProgress place(long newRank, int newDepth) {
    rank = newRank;
    depth = newDepth;
    return this;
  }

  public NextProgress step(CommandStep next) {
    step = next;
    return this;
  }

  public NextProgress indexId(@Nullable Integer id) {
    indexId = id;
    return this;
  }

  /** Why what was begun is being undone. */
  public NextProgress error(String code, String message) {
    errorCode = code;
    errorMessage = message;
    return this;
  }

  public CommandProgress progress() {
    return new CommandProgress(
        last.getCommandId(),
        last.getSequence(),
        last.getNumber(),
        last.getAt(),
        last.getReceivedAt(),
        stage,
        tableId,
        changeLogId,
        rank,
        depth,
        step,
        indexId,
        errorCode,
        errorMessage);
  }
}
