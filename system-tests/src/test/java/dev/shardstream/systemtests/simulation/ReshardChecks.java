package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.worker.shard.ShardRef;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reshards as they are published, step by step. */
final class ReshardChecks {
  private static final int MOST_REPAIRS = 3;

  /** Of what had gone wrong before, tasks and verifies are begun again by then. */
  private static final long RECOVERED_MILLIS = 60_000;

  private static final Set<ReshardStatus> ENDS =
      EnumSet.of(
          ReshardStatus.COMPLETE,
          ReshardStatus.FAILED,
          ReshardStatus.CANCELLED,
          ReshardStatus.ROLLED_BACK);

  private final World world;
  private final Damage damage;
  private final Checker topologies;
  private final Map<String, Reshard> reshards = new TreeMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private final Set<String> checkedEnds = new HashSet<>();
  private int moves;

  ReshardChecks(World world, Damage damage, Checker topologies) {
    this.world = world;
    this.damage = damage;
    this.topologies = topologies;
  }

  /** Every reshard that was ever published, as it was last, by id. */
  Map<String, Reshard> reshards() {
    return reshards;
  }

  /** How often reshards came to which state. */
  Map<String, Integer> ends() {
    return ends;
  }

  /** How often a reshard has come to another phase. */
  int moves() {
    return moves;
  }

  void count(String what) {
    ends.merge(what, 1, Integer::sum);
  }

  /** One batch of decisions that were committed together. */
  void decided(List<Decision> decisions) {
    for (Decision decision : decisions) {
      if (decision instanceof Decision.ReshardStored stored) {
        stored(stored.reshard());
      }
    }
    for (Decision decision : decisions) {
      if (decision instanceof Decision.ReshardStored stored) {
        ended(stored.reshard());
      }
    }
  }

  private void stored(Reshard reshard) {
    Reshard last = reshards.put(reshard.getChangeLogId(), reshard);
    if (last == null || last.getStatus() != reshard.getStatus()) {
      moves++;
      if (reshard.getRepairs() > 0 && reshard.getStatus() == ReshardStatus.SWITCHING) {
        count("REPAIRED");
      }
      count(reshard.getPurpose() + " " + reshard.getStatus());
      if (world.table(reshard.getTableId()).orElseThrow().getStrategy() == Strategy.RANGE) {
        count("RANGE " + reshard.getPurpose() + " " + reshard.getStatus());
      }
      world.note(
          "reshard "
              + reshard.getChangeLogId()
              + " is "
              + reshard.getStatus()
              + (reshard.getErrorMessage() == null ? "" : ": " + reshard.getErrorMessage()));
    }
    if (last == null) {
      topologies.begun(reshard);
    } else {
      step(last, reshard);
    }
    if (isFailed(reshard) && world.calmMillis() > RECOVERED_MILLIS) {
      throw new Violation("Liveness", "a reshard has failed though nothing went wrong: " + reshard);
    }
    if (!reshard.getMismatches().isEmpty() && !mayDiffer(reshard)) {
      throw new Violation("I4", "a verify found a difference that is none: " + reshard);
    }
  }

  private static boolean isFailed(Reshard reshard) {
    return reshard.getStatus() == ReshardStatus.FAILED
        && ErrorCode.TASK_FAILED.name().equals(reshard.getErrorCode());
  }

  private boolean mayDiffer(Reshard reshard) {
    return Stream.concat(reshard.getSourceShards().stream(), reshard.getTargetShards().stream())
        .anyMatch(id -> damage.wasEverIn(new ShardRef(reshard.getTableId(), id)));
  }

  /** What is at its end stays there, and a reshard goes on only as its operator allows. */
  private static void step(Reshard last, Reshard next) {
    boolean isMove = last.getStatus() != next.getStatus();
    boolean isUndone =
        next.getStatus() == ReshardStatus.FAILED || next.getStatus() == ReshardStatus.CANCELLED;
    ReshardOptions options = next.getOptions();
    boolean isManual = options != null && options.getManualCutover();
    boolean repairs = options != null && options.getRepair();
    boolean isSwitch = isMove && next.getStatus() == ReshardStatus.SWITCHING;
    boolean isWrong =
        isMove && ENDS.contains(last.getStatus())
            || isMove && last.getPaused() && next.getPaused() && !isUndone
            || isSwitch && isManual && !next.getSwitchAsked()
            || !last.getMismatches().isEmpty() && !repairs && isMove && !isUndone
            || isSwitch && !next.getMismatches().isEmpty()
            || next.getRepairs() > MOST_REPAIRS;
    if (isWrong) {
      throw new Violation("Controls", "from " + last + " to " + next);
    }
  }

  /** I6: what did not come to its end leaves the table as it was; ids of shards go on. */
  private void ended(Reshard reshard) {
    boolean undone =
        reshard.getStatus() == ReshardStatus.FAILED
            || reshard.getStatus() == ReshardStatus.CANCELLED
            || reshard.getStatus() == ReshardStatus.ROLLED_BACK
            || reshard.getPurpose() == ReshardPurpose.VERIFY
                && reshard.getStatus() == ReshardStatus.COMPLETE;
    Topology was = topologies.before(reshard.getChangeLogId());
    Topology is = atItsEnd(reshard);
    if (!undone || was == null || is == null || !checkedEnds.add(reshard.getChangeLogId())) {
      return;
    }
    if (!TopologyChecks.haveTheSameShards(is, was) || is.getChangeLogId() != null) {
      throw new Violation(
          "I6",
          "reshard %s is %s, the topology was %s and is %s"
              .formatted(reshard.getChangeLogId(), reshard.getStatus(), was, is));
    }
  }

  /** Another reshard may have begun by the same decision. */
  private @Nullable Topology atItsEnd(Reshard reshard) {
    Topology is = topologies.topology(reshard.getTableId());
    boolean isAnothers =
        is != null
            && is.getChangeLogId() != null
            && !is.getChangeLogId().equals(reshard.getChangeLogId());
    return isAnothers ? topologies.before(String.valueOf(is.getChangeLogId())) : is;
  }
}
