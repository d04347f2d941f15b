package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Throttle;
import dev.shardstream.schemas.event.ThrottleReshard;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.ShardVersions;
import java.util.Map;

/**
 * What operators ask of a reshard. What is so already is applied and changes nothing; what cannot
 * be done now is refused with the reason and a way out.
 */
public final class ReshardControl {
  /** Verbs that are about the switch, as they are called. */
  private static final Map<ReshardVerb, String> OF_A_SWITCH =
      Map.of(
          ReshardVerb.SWITCH, "switch",
          ReshardVerb.ROLLBACK, "roll back",
          ReshardVerb.COMPLETE, "complete");

  private ReshardControl() {}

  /**
   * Does what a verb asks for, at once; a RETRY begins another reshard.
   *
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT; of a RETRY also what {@link
   *     ReshardStart#start} throws
   */
  public static void control(Turn turn, DdlCommand command, CommandProgress progress) {
    ControlReshard operation = (ControlReshard) command.getOperation();
    Reshard reshard = find(turn, operation.getChangeLogId());
    if (operation.getVerb() == ReshardVerb.RETRY) {
      ReshardRetry.start(turn, command, progress, reshard);
      return;
    }
    requireThatItSwitches(operation.getVerb(), reshard);
    switch (operation.getVerb()) {
      case PAUSE -> pause(turn, reshard);
      case RESUME -> resume(turn, reshard);
      case SWITCH -> askSwitch(turn, reshard);
      case CANCEL -> cancel(turn, reshard);
      case ROLLBACK -> rollBack(turn, reshard);
      case COMPLETE -> complete(turn, reshard);
      default -> throw new IllegalStateException("Unknown verb: " + operation);
    }
    Outcomes.applied(turn, command, table(turn, reshard));
  }

  /**
   * Changes how fast a reshard copies.
   *
   * @throws ShardstreamException RESHARD_NOT_FOUND, RESHARD_CANNOT
   */
  public static void throttle(Turn turn, DdlCommand command) {
    ThrottleReshard operation = (ThrottleReshard) command.getOperation();
    Reshard reshard = find(turn, operation.getChangeLogId());
    Long millis = operation.getForMillis();
    if (operation.getRowsPerSecond() < 0 || millis != null && millis <= 0) {
      throw cannot(
          "throttle", reshard, "rows per second must be 0 or more, and a time more than 0");
    }
    requireRunning("throttle", reshard);
    Throttle wanted =
        new Throttle(operation.getRowsPerSecond(), millis == null ? null : turn.now() + millis);
    if (!wanted.equals(reshard.getThrottle())) {
      store(turn, change(turn, reshard).setThrottle(wanted));
    }
    Outcomes.applied(turn, command, table(turn, reshard));
  }

  /** What only makes sense of one that switches is refused of one that does not. */
  private static void requireThatItSwitches(ReshardVerb verb, Reshard reshard) {
    if (OF_A_SWITCH.containsKey(verb)) {
      switch (reshard.getPurpose()) {
        case VERIFY ->
            throw cannot(OF_A_SWITCH.get(verb), reshard, "it only verifies, and switches nothing");
        case REPLICATE ->
            throw cannot(
                OF_A_SWITCH.get(verb), reshard, "it only makes replicas, and switches nothing");
        case RESHARD, MOVE -> {}
      }
    }
  }

  private static Reshard find(Turn turn, String changeLogId) {
    return turn.state()
        .anyReshard(changeLogId)
        .orElseThrow(() -> new ShardstreamException(ErrorCode.RESHARD_NOT_FOUND, changeLogId));
  }

  private static Table table(Turn turn, Reshard reshard) {
    return turn.state().table(reshard.getTableId()).orElseThrow();
  }

  private static void pause(Turn turn, Reshard reshard) {
    requireRunning("pause", reshard);
    if (!reshard.getPaused()) {
      VerifyRounds.close(turn, reshard.getChangeLogId());
      store(turn, change(turn, reshard).setPaused(true));
    }
  }

  private static void resume(Turn turn, Reshard reshard) {
    requireRunning("resume", reshard);
    if (reshard.getPaused()) {
      store(turn, change(turn, reshard).setPaused(false));
    }
  }

  private static void askSwitch(Turn turn, Reshard reshard) {
    Standing standing = Standing.of(reshard);
    if (standing == Standing.SWITCHED || standing == Standing.COMPLETE) {
      return;
    }
    requireRunning("switch", reshard);
    if (!Verifying.isManual(reshard)) {
      throw cannot("switch", reshard, "it switches by itself when both sides are equal");
    }
    if (reshard.getPaused()) {
      throw cannot("switch", reshard, "it is paused: resume it first");
    }
    if (!reshard.getSwitchAsked()) {
      store(turn, change(turn, reshard).setSwitchAsked(true));
    }
  }

  private static void cancel(Turn turn, Reshard reshard) {
    if (Standing.of(reshard) == Standing.CANCELLED) {
      return;
    }
    if (Standing.of(reshard) == Standing.SWITCHED) {
      throw cannot("cancel", reshard, "it has switched: roll it back");
    }
    requireRunning("cancel", reshard);
    Ending.cancel(turn, reshard);
  }

  private static void rollBack(Turn turn, Reshard reshard) {
    Standing standing = Standing.of(reshard);
    if (standing == Standing.GOING_BACK || standing == Standing.ROLLED_BACK) {
      return;
    }
    if (standing == Standing.RUNNING) {
      throw cannot("roll back", reshard, "it has not switched: cancel it");
    }
    if (standing != Standing.SWITCHED) {
      throw cannot("roll back", reshard, standing.reason());
    }
    Members members = Members.of(turn.state(), reshard);
    if (Switching.isCleaningUp(members)) {
      throw cannot(
          "roll back",
          reshard,
          "what it replaced is being dropped: wait until it is complete, and begin another one");
    }
    members.sources().forEach(source -> requireReady(turn, reshard, source));
    Switching.rollBack(turn, reshard, members);
  }

  /** A source takes over where it is: it must be as far as a target had to be at the switch. */
  private static void requireReady(Turn turn, Reshard reshard, Shard source) {
    Table table = table(turn, reshard);
    String name = "source shard " + source.getId() + " on node '" + source.getNodeId() + "' ";
    long lag = Lag.of(turn, reshard.getTableId(), source);
    if (!turn.cluster().isCurrent(source.getNodeId(), turn.limits()) || lag == Lag.UNKNOWN) {
      throw cannot("roll back", reshard, name + "does not apply the log: start its node again");
    }
    if (lag > turn.limits().lagBound()) {
      throw cannot(
          "roll back",
          reshard,
          name
              + "is "
              + lag
              + " offsets behind, and at most "
              + turn.limits().lagBound()
              + " are allowed: try again when it has caught up");
    }
    if (!ShardVersions.isCurrent(turn, table, source)) {
      throw cannot(
          "roll back",
          reshard,
          name
              + "has not followed its table to version "
              + table.getSchemaVersion()
              + " and its indexes: try again in a moment");
    }
  }

  private static void complete(Turn turn, Reshard reshard) {
    Standing standing = Standing.of(reshard);
    if (standing == Standing.COMPLETE || standing == Standing.ROLLED_BACK) {
      return;
    }
    if (standing == Standing.RUNNING) {
      throw cannot("complete", reshard, "it has not switched: wait for that, or cancel it");
    }
    if (standing.isUndone()) {
      throw cannot("complete", reshard, standing.reason());
    }
    boolean isBeingDone =
        reshard.getCompleteAsked() || Switching.isCleaningUp(Members.of(turn.state(), reshard));
    if (!isBeingDone) {
      store(turn, change(turn, reshard).setCompleteAsked(true));
    }
  }

  private static void requireRunning(String verb, Reshard reshard) {
    Standing standing = Standing.of(reshard);
    if (standing != Standing.RUNNING) {
      throw cannot(verb, reshard, standing.reason());
    }
  }

  static ShardstreamException cannot(String verb, Reshard reshard, String why) {
    return new ShardstreamException(ErrorCode.RESHARD_CANNOT, verb, reshard.getChangeLogId(), why);
  }

  private static Reshard.Builder change(Turn turn, Reshard reshard) {
    return Reshard.newBuilder(reshard).setUpdatedAt(turn.now());
  }

  private static void store(Turn turn, Reshard.Builder changed) {
    turn.emit(new Decision.ReshardStored(changed.build()));
  }
}
