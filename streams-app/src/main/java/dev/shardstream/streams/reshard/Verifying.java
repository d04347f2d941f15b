package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.List;

/**
 * Verifies, and decides on the switch. A difference is recorded before anything else and from then
 * on leads to failure, or to a repair and another whole verify: one more fence may name the keys,
 * nothing takes the difference back. Digests of different versions of the table are no difference:
 * the table was altered in between, and another fence is written.
 */
final class Verifying {
  private Verifying() {}

  static void advance(Turn turn, Reshard reshard, Members members) {
    VerifyRound round = turn.state().round(reshard.getChangeLogId()).orElse(null);
    if (round == null) {
      beginWhole(turn, reshard, members);
      return;
    }
    DigestComparison comparison = DigestComparison.of(turn.state(), members, round);
    boolean isStuck =
        VerifyRounds.hasLostANode(turn, round)
            || turn.now() - round.getHeardAt() >= turn.limits().verifyTimeout();
    boolean isDecisive = comparison.comparable() || !comparison.mismatches().isEmpty();
    boolean isVoid = comparison.complete() && !isDecisive;
    if (comparison.complete() && isDecisive) {
      judge(turn, reshard, members, round, comparison);
    } else if (isVoid || isStuck) {
      again(turn, reshard, members, round);
    } else {
      VerifyRounds.writeFencesWhenArmed(turn, reshard, members, round);
    }
  }

  private static void beginWhole(Turn turn, Reshard reshard, Members members) {
    boolean waitsToBeTold = reshard.getVerifiedAttempt() > 0 && !reshard.getSwitchAsked();
    int attempts = reshard.getVerifyAttempt() - reshard.getVerifiedAttempt();
    if (Difference.isOpen(reshard)) {
      Difference.decide(turn, reshard, members);
    } else if (waitsToBeTold) {
      return;
    } else if (attempts >= turn.limits().verifyAttempts()) {
      Ending.fail(
          turn,
          reshard,
          ReshardEvent.FAULT,
          new ShardstreamException(
              ErrorCode.TASK_FAILED,
              reshard.getChangeLogId() + "/verify",
              attempts,
              "no verify was complete while the targets were close to the end of the log"));
    } else {
      VerifyRounds.begin(turn, reshard, members, members.virtualShards(), false);
    }
  }

  private static void again(Turn turn, Reshard reshard, Members members, VerifyRound round) {
    VerifyRounds.close(turn, reshard.getChangeLogId());
    if (round.getListKeys()) {
      Difference.decide(turn, reshard, members);
    }
  }

  private static void judge(
      Turn turn, Reshard reshard, Members members, VerifyRound round, DigestComparison comparison) {
    VerifyRounds.close(turn, reshard.getChangeLogId());
    if (round.getListKeys()) {
      Difference.name(turn, reshard, members, comparison);
    } else if (!comparison.mismatches().isEmpty()) {
      Difference.record(turn, reshard, members, comparison);
    } else if (reshard.getPurpose() == ReshardPurpose.VERIFY) {
      Ending.prove(turn, reshard, comparison.compared());
    } else if (mustWait(reshard)) {
      hold(turn, reshard, comparison);
    } else if (!Lag.isWithinBound(turn, reshard, members)) {
      turn.emit(
          new Decision.ReshardStored(
              Phases.after(reshard, ReshardEvent.FELL_BEHIND, turn.now()).build()));
    } else if (reshard.getPurpose() == ReshardPurpose.REPLICATE) {
      Switching.join(turn, reshard, members, comparison.compared());
    } else {
      Switching.cutOver(turn, reshard, members, comparison.compared());
    }
  }

  /** Whether an operator has said that it is not to switch by itself, and has not asked for it. */
  private static boolean mustWait(Reshard reshard) {
    return isManual(reshard) && !reshard.getSwitchAsked();
  }

  static boolean isManual(Reshard reshard) {
    return reshard.getOptions() != null && reshard.getOptions().getManualCutover();
  }

  private static void hold(Turn turn, Reshard reshard, DigestComparison comparison) {
    turn.emit(
        new Decision.ReshardStored(
            Phases.after(reshard, ReshardEvent.HELD, turn.now())
                .setVerifiedAttempt(reshard.getVerifyAttempt())
                .setDigestsCompared(comparison.compared())
                .setMismatches(List.of())
                .setCopyAgain(List.of())
                .build()));
  }
}
