package dev.shardstream.streams.command;

import dev.shardstream.schemas.catalog.Operations;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.CommandStage;
import dev.shardstream.streams.record.CommandStep;
import dev.shardstream.streams.record.Counters;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Takes a command in. Numbers of tables and reshards are given here, in the order of the log, so
 * that they do not depend on how long anything waits.
 */
public final class CommandIntake {
  private static final Pattern DATABASE = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,99}");
  private static final int LONGEST_ID = 200;
  private static final int MOST_DEPENDENCIES = 100;

  private CommandIntake() {}

  /**
   * @param at timestamp of the command's record, milliseconds since the epoch
   */
  public static void receive(Turn turn, DdlCommand command, long at) {
    DdlCommand known = turn.state().command(command.getId()).orElse(null);
    if (known != null) {
      repeat(turn, known, command);
    } else {
      invalidity(turn.state(), command)
          .ifPresentOrElse(
              problem -> refuse(turn, command, ErrorCode.INVALID_COMMAND, problem),
              () -> {
                remember(turn, command, at);
                arrange(turn, command);
              });
    }
  }

  private static void repeat(Turn turn, DdlCommand known, DdlCommand again) {
    if (!known.equals(again)) {
      refuse(turn, again, ErrorCode.DUPLICATE_COMMAND);
    } else {
      turn.state()
          .result(known.getId())
          .ifPresent(last -> turn.emit(new Decision.ResultRepeated(last)));
    }
  }

  /** Refuses without a trace in the state: the id is somebody else's, or is none. */
  private static void refuse(
      Turn turn, DdlCommand command, ErrorCode code, Object... moreParameters) {
    Object[] parameters = new Object[moreParameters.length + 1];
    parameters[0] = clipped(command.getId());
    System.arraycopy(moreParameters, 0, parameters, 1, moreParameters.length);
    turn.emit(
        new Decision.ResultRepeated(
            DdlResult.newBuilder()
                .setCommandId(clipped(command.getId()))
                .setDatabase(clipped(command.getDatabase()))
                .setStatus(DdlStatus.REJECTED)
                .setAt(turn.now())
                .setOperation(Operations.name(command.getOperation()))
                .setIssuedBy(clipped(command.getIssuedBy()))
                .setDependsOn(
                    command.getDependsOn().stream()
                        .limit(MOST_DEPENDENCIES)
                        .map(CommandIntake::clipped)
                        .toList())
                .setTable(
                    Operations.table(command.getOperation())
                        .map(CommandIntake::clipped)
                        .orElse(null))
                .setCode(code.name())
                .setMessage(new ShardstreamException(code, parameters).getMessage())
                .build()));
  }

  /** What is not kept to any length is not told in any length: the answer must fit in a record. */
  private static String clipped(String text) {
    return text.length() <= LONGEST_ID ? text : text.substring(0, LONGEST_ID) + "…";
  }

  /** What is wrong with a command whatever it asks for. */
  private static Optional<String> invalidity(DatabaseState state, DdlCommand command) {
    Optional<String> tooLarge = Operations.tooLarge(command);
    if (tooLarge.isPresent()) {
      return tooLarge;
    }
    String database = command.getDatabase();
    if (command.getId().isBlank() || command.getId().length() > LONGEST_ID) {
      return Optional.of("its id must have 1 to " + LONGEST_ID + " characters");
    }
    if (!DATABASE.matcher(database).matches()) {
      return Optional.of("'" + clipped(database) + "' is no name of a database");
    }
    if (!database.equals(database.toLowerCase(Locale.ROOT))) {
      return Optional.of("database '" + database + "' must be written in lower case");
    }
    if (!database.equals(state.database())) {
      return Optional.of(
          "its record has key '"
              + clipped(state.database())
              + "' and not its database "
              + database);
    }
    if (command.getDependsOn().size() > MOST_DEPENDENCIES) {
      return Optional.of("it depends on more than " + MOST_DEPENDENCIES + " commands");
    }
    return Optional.empty();
  }

  private static void remember(Turn turn, DdlCommand command, long at) {
    Counters before = turn.state().counters();
    boolean createsTable = command.getOperation() instanceof CreateTable;
    boolean reshards = mayReshard(command.getOperation());
    Counters after =
        new Counters(
            before.getSequence() + 1,
            before.getTables() + (createsTable ? 1 : 0),
            before.getReshards() + (reshards ? 1 : 0));
    long number = createsTable ? after.getTables() : reshards ? after.getReshards() : 0;
    turn.emit(new Decision.CountersStored(after));
    turn.emit(new Decision.CommandStored(command));
    turn.emit(
        new Decision.ProgressStored(
            new CommandProgress(
                command.getId(),
                after.getSequence(),
                number,
                at,
                turn.now(),
                CommandStage.WAITING,
                null,
                null,
                after.getSequence(),
                0,
                CommandStep.BEGUN,
                null,
                null,
                null)));
  }

  private static boolean mayReshard(Object operation) {
    return operation instanceof ReshardTable reshard && !reshard.getDryRun()
        || operation instanceof MoveShard
        || operation instanceof DrainNode
        || operation instanceof Rebalance rebalance && !rebalance.getDryRun()
        || operation instanceof VerifyTable
        || operation instanceof ControlReshard control && control.getVerb() == ReshardVerb.RETRY;
  }

  /** Finds the command's place among those that wait. */
  private static void arrange(Turn turn, DdlCommand command) {
    List<String> cycle = Dependencies.cycle(turn.state(), command);
    if (cycle.isEmpty()) {
      Ranks.raise(turn, command.getId());
    } else {
      Outcomes.rejected(
          turn,
          command,
          new ShardstreamException(
              ErrorCode.DEPENDENCY_CYCLE, command.getId(), String.join(" -> ", cycle)));
    }
  }
}
