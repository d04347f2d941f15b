package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.ShardVersions;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.Optional;

/** Takes a running reshard through its phases. */
public final class Resharding {
  private Resharding() {}

  /**
   * Takes every step that a running reshard is ready for. One that is paused takes none, but a
   * fault ends it as ever.
   */
  public static void advance(Turn turn, Reshard last) {
    Members members = Members.of(turn.state(), last);
    Optional<ShardstreamException> fault = Faults.find(turn, last, members);
    if (fault.isPresent()) {
      fail(turn, last, fault.get());
      return;
    }
    Reshard reshard = Pacing.adjust(turn, last);
    if (!reshard.getPaused()) {
      step(turn, reshard, members);
    }
    Progress.publish(turn, reshard.getChangeLogId());
  }

  /** A difference that was found says more than whatever came after it. */
  private static void fail(Turn turn, Reshard reshard, ShardstreamException fault) {
    if (Difference.isOpen(reshard)) {
      Difference.fail(turn, reshard);
    } else {
      Ending.fail(turn, reshard, ReshardEvent.FAULT, fault);
    }
  }

  private static void step(Turn turn, Reshard reshard, Members members) {
    switch (reshard.getStatus()) {
      case QUEUED -> queued(turn, reshard, members);
      case COPYING -> copying(turn, reshard, members);
      case REPLAYING -> replaying(turn, reshard, members);
      case VERIFYING -> Verifying.advance(turn, reshard, members);
      case SWITCHING -> Switching.advance(turn, reshard, members);
      default -> throw new IllegalStateException("Not running: " + reshard);
    }
  }

  private static void queued(Turn turn, Reshard reshard, Members members) {
    if (Sampling.isUnderWay(reshard)) {
      Sampling.advance(turn, reshard, members);
    } else if (Tasks.allDone(members.tasks())) {
      Tasks.close(turn, members.tasks());
      Reshard copying = Phases.after(reshard, ReshardEvent.TARGETS_CREATED, turn.now()).build();
      turn.emit(new Decision.ReshardStored(copying));
      if (copies(reshard)) {
        members.targets().forEach(target -> copy(turn, copying, target));
      }
    }
  }

  /** Whether targets begin with what sources hold, and not with the log's first record. */
  private static boolean copies(Reshard reshard) {
    return reshard.getPurpose() != ReshardPurpose.VERIFY;
  }

  /** Has a target copy what it does not have, or has to have again. */
  static void copy(Turn turn, Reshard reshard, Shard target) {
    Tasks.openForShard(
        turn,
        TaskKind.COPY_SHARD,
        TaskIds.copyShard(reshard.getChangeLogId(), target.getId(), reshard.getRepairs()),
        reshard.getTableId(),
        target,
        reshard.getChangeLogId());
  }

  private static void copying(Turn turn, Reshard reshard, Members members) {
    if (Tasks.allDone(members.tasks())) {
      Reshard.Builder next = Phases.after(reshard, ReshardEvent.TARGETS_COPIED, turn.now());
      next.setTargets(Progress.targets(turn, reshard, members)).setBackingOff(false);
      Tasks.close(turn, members.tasks());
      turn.emit(new Decision.ReshardStored(next.build()));
    }
  }

  private static void replaying(Turn turn, Reshard reshard, Members members) {
    if (Lag.isWithinBound(turn, reshard, members) && haveTheTable(turn, reshard, members)) {
      // A target that was asked to copy again has caught up before its answer came.
      Tasks.close(turn, members.tasks());
      turn.emit(
          new Decision.ReshardStored(
              Phases.after(reshard, ReshardEvent.CAUGHT_UP, turn.now())
                  .setTargets(Progress.targets(turn, reshard, members))
                  .build()));
    } else {
      Tasks.close(turn, members.tasks().stream().filter(t -> Tasks.allDone(List.of(t))).toList());
      copyAgainWhatIsNotThere(turn, reshard, members);
    }
  }

  /** Whether every target is at the catalog's version of the table, with all of its indexes. */
  private static boolean haveTheTable(Turn turn, Reshard reshard, Members members) {
    Table table = turn.state().table(reshard.getTableId()).orElseThrow();
    return members.targets().stream().allMatch(t -> ShardVersions.isCurrent(turn, table, t));
  }

  /**
   * A target that waits for its copy, though the copy was reported done, has lost it. What its node
   * said when it had just been done does not count.
   */
  private static void copyAgainWhatIsNotThere(Turn turn, Reshard reshard, Members members) {
    for (Shard target : members.targets()) {
      boolean waits =
          copies(reshard)
              && heardAt(turn, target) - Phases.currentSince(reshard) >= turn.limits().taskTimeout()
              && turn.cluster().isCurrent(target.getNodeId(), turn.limits())
              && turn.cluster()
                  .report(target.getNodeId(), reshard.getTableId(), target.getId())
                  .filter(r -> r.getState() == ShardState.COPYING)
                  .isPresent();
      if (waits) {
        copy(turn, reshard, target);
      }
    }
  }

  private static long heardAt(Turn turn, Shard shard) {
    return turn.now() - turn.cluster().silentMillis(shard.getNodeId());
  }
}
