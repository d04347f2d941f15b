package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a whole verify found different: it is recorded, named, and then repaired or fatal. */
final class Difference {
  /** Repairs after which a difference is taken to come back for ever. */
  static final int MOST_REPAIRS = 3;

  private static final int MOST_NAMED = 4;
  private static final long MOST_ROWS_LISTED = 10_000;

  private Difference() {}

  /** Whether a difference is recorded about which nothing was done. */
  static boolean isOpen(Reshard reshard) {
    return !reshard.getMismatches().isEmpty() && reshard.getCopyAgain().isEmpty();
  }

  /** Records a difference, and has the keys named where that is cheap. */
  static void record(Turn turn, Reshard reshard, Members members, DigestComparison comparison) {
    Reshard different =
        Reshard.newBuilder(reshard)
            .setDigestsCompared(comparison.compared())
            .setMismatches(comparison.mismatches())
            .setCopyAgain(List.of())
            .setUpdatedAt(turn.now())
            .build();
    turn.emit(new Decision.ReshardStored(different));
    List<Integer> nameable =
        comparison.mismatches().stream()
            .filter(m -> Math.max(m.getSourceRows(), m.getTargetRows()) <= MOST_ROWS_LISTED)
            .map(Mismatch::getVirtualShard)
            .distinct()
            .limit(MOST_NAMED)
            .toList();
    if (nameable.isEmpty()) {
      decide(turn, different, members);
    } else {
      VerifyRounds.begin(turn, different, members, nameable, true);
    }
  }

  /** Adds the keys; the row counts stay those of the verify that found the difference. */
  static void name(Turn turn, Reshard reshard, Members members, DigestComparison comparison) {
    Map<List<Integer>, Mismatch> named =
        comparison.mismatches().stream()
            .collect(Collectors.toMap(Difference::place, Function.identity()));
    Reshard withKeys =
        Reshard.newBuilder(reshard)
            .setUpdatedAt(turn.now())
            .setMismatches(
                reshard.getMismatches().stream()
                    .map(
                        m -> {
                          Mismatch keys = named.get(place(m));
                          return keys == null
                              ? m
                              : Mismatch.newBuilder(m).setKeys(keys.getKeys()).build();
                        })
                    .toList())
            .build();
    turn.emit(new Decision.ReshardStored(withKeys));
    decide(turn, withKeys, members);
  }

  private static List<Integer> place(Mismatch mismatch) {
    return List.of(
        mismatch.getVirtualShard(), mismatch.getSourceShard(), mismatch.getTargetShard());
  }

  /** The virtual shards that differ, ascending, each once. */
  private static List<Integer> virtualShards(Reshard reshard) {
    return reshard.getMismatches().stream()
        .map(Mismatch::getVirtualShard)
        .distinct()
        .sorted()
        .toList();
  }

  /** Repairs what differs, where that was asked for and has not been tried too often, or fails. */
  static void decide(Turn turn, Reshard reshard, Members members) {
    boolean repairs =
        reshard.getOptions() != null
            && reshard.getOptions().getRepair()
            && reshard.getPurpose() != ReshardPurpose.VERIFY;
    if (repairs && reshard.getRepairs() < MOST_REPAIRS) {
      repair(turn, reshard, members);
    } else {
      fail(turn, reshard);
    }
  }

  private static void repair(Turn turn, Reshard reshard, Members members) {
    List<Integer> again = virtualShards(reshard);
    Reshard repaired =
        Phases.after(reshard, ReshardEvent.REPAIR, turn.now())
            .setRepairs(reshard.getRepairs() + 1)
            .setCopyAgain(again)
            .build();
    turn.emit(new Decision.ReshardStored(repaired));
    for (Shard target : members.targets()) {
      if (!Collections.disjoint(target.getVirtualShards(), again)) {
        Resharding.copy(turn, repaired, target);
      }
    }
  }

  /** Fails a reshard in which a difference was recorded. */
  static void fail(Turn turn, Reshard reshard) {
    List<Mismatch> mismatches = reshard.getMismatches();
    List<Integer> virtualShards = virtualShards(reshard);
    String shards = ShardRange.format(virtualShards);
    String keys =
        mismatches.stream()
            .flatMap(m -> m.getKeys().stream())
            .distinct()
            .limit(10)
            .map(k -> "(" + k + ")")
            .collect(Collectors.joining(", "));
    Ending.fail(
        turn,
        reshard,
        ReshardEvent.DIGESTS_DIFFER,
        new ShardstreamException(
            ErrorCode.VERIFY_MISMATCH,
            virtualShards.size(),
            keys.isEmpty() ? shards : shards + "; keys " + keys));
  }
}
