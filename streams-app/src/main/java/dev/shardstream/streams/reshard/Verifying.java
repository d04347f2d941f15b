package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Verifies, and decides on the switch. A difference is recorded before anything else and from then
 * on only leads to failure: one more fence may name the keys, nothing takes the difference back.
 * Digests of different versions of the table are no difference: the table was altered in between,
 * and another fence is written.
 */
final class Verifying {
  private static final List<Integer> EVERYTHING = new ShardRange(0, 255).virtualShards();
  private static final int MOST_NAMED = 4;
  private static final long MOST_ROWS_LISTED = 10_000;

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
      again(turn, reshard, round);
    } else {
      VerifyRounds.writeFencesWhenArmed(turn, reshard, members, round);
    }
  }

  private static void beginWhole(Turn turn, Reshard reshard, Members members) {
    if (!reshard.getMismatches().isEmpty()) {
      failOnDifference(turn, reshard);
    } else if (reshard.getVerifyAttempt() >= turn.limits().verifyAttempts()) {
      Failure.fail(
          turn,
          reshard,
          ReshardEvent.FAULT,
          new ShardstreamException(
              ErrorCode.TASK_FAILED,
              reshard.getChangeLogId() + "/verify",
              reshard.getVerifyAttempt(),
              "no verify was complete while the targets were close to the end of the log"));
    } else {
      VerifyRounds.begin(turn, reshard, members, EVERYTHING, false);
    }
  }

  private static void again(Turn turn, Reshard reshard, VerifyRound round) {
    if (round.getListKeys()) {
      failOnDifference(turn, reshard);
    } else {
      VerifyRounds.close(turn, reshard.getChangeLogId());
    }
  }

  private static void judge(
      Turn turn, Reshard reshard, Members members, VerifyRound round, DigestComparison comparison) {
    VerifyRounds.close(turn, reshard.getChangeLogId());
    if (round.getListKeys()) {
      Reshard named = withKeys(turn, reshard, comparison.mismatches());
      turn.emit(new Decision.ReshardStored(named));
      failOnDifference(turn, named);
    } else if (!comparison.mismatches().isEmpty()) {
      recordDifference(turn, reshard, members, comparison);
    } else if (Lag.isWithinBound(turn, reshard, members)) {
      Switching.cutOver(turn, reshard, members, comparison.compared());
    } else {
      turn.emit(
          new Decision.ReshardStored(
              Phases.after(reshard, ReshardEvent.FELL_BEHIND, turn.now()).build()));
    }
  }

  private static void recordDifference(
      Turn turn, Reshard reshard, Members members, DigestComparison comparison) {
    Reshard different =
        Reshard.newBuilder(reshard)
            .setDigestsCompared(comparison.compared())
            .setMismatches(comparison.mismatches())
            .setUpdatedAt(turn.now())
            .build();
    turn.emit(new Decision.ReshardStored(different));
    List<Integer> nameable =
        comparison.mismatches().stream()
            .filter(m -> Math.max(m.getSourceRows(), m.getTargetRows()) <= MOST_ROWS_LISTED)
            .limit(MOST_NAMED)
            .map(Mismatch::getVirtualShard)
            .toList();
    if (nameable.isEmpty()) {
      failOnDifference(turn, different);
    } else {
      VerifyRounds.begin(turn, different, members, nameable, true);
    }
  }

  /** Adds the keys; the row counts stay those of the verify that found the difference. */
  private static Reshard withKeys(Turn turn, Reshard reshard, List<Mismatch> named) {
    Map<Integer, Mismatch> byVirtualShard =
        named.stream().collect(Collectors.toMap(Mismatch::getVirtualShard, Function.identity()));
    return Reshard.newBuilder(reshard)
        .setUpdatedAt(turn.now())
        .setMismatches(
            reshard.getMismatches().stream()
                .map(
                    m -> {
                      Mismatch keys = byVirtualShard.get(m.getVirtualShard());
                      return keys == null
                          ? m
                          : Mismatch.newBuilder(m).setKeys(keys.getKeys()).build();
                    })
                .toList())
        .build();
  }

  /** Fails a reshard in which a difference was recorded. */
  static void failOnDifference(Turn turn, Reshard reshard) {
    List<Mismatch> mismatches = reshard.getMismatches();
    String shards =
        ShardRange.format(mismatches.stream().map(Mismatch::getVirtualShard).sorted().toList());
    String keys =
        mismatches.stream()
            .flatMap(m -> m.getKeys().stream())
            .limit(10)
            .map(k -> "(" + k + ")")
            .collect(Collectors.joining(", "));
    Failure.fail(
        turn,
        reshard,
        ReshardEvent.DIGESTS_DIFFER,
        new ShardstreamException(
            ErrorCode.VERIFY_MISMATCH,
            mismatches.size(),
            keys.isEmpty() ? shards : shards + "; keys " + keys));
  }
}
