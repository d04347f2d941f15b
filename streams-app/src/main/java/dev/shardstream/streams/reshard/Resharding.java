package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Reshard;
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

  /** Takes every step that a running reshard is ready for. */
  public static void advance(Turn turn, Reshard reshard) {
    Members members = Members.of(turn.state(), reshard);
    Optional<ShardstreamException> fault = Faults.find(turn, reshard, members);
    if (fault.isPresent() && !reshard.getMismatches().isEmpty()) {
      Verifying.failOnDifference(turn, reshard);
      return;
    }
    if (fault.isPresent()) {
      Failure.fail(turn, reshard, ReshardEvent.FAULT, fault.get());
      return;
    }
    switch (reshard.getStatus()) {
      case QUEUED -> queued(turn, reshard, members);
      case COPYING -> copying(turn, reshard, members);
      case REPLAYING -> replaying(turn, reshard, members);
      case VERIFYING -> Verifying.advance(turn, reshard, members);
      case SWITCHING -> Switching.advance(turn, reshard, members);
      default -> throw new IllegalStateException("Not running: " + reshard);
    }
    Progress.publish(turn, reshard.getChangeLogId());
  }

  private static void queued(Turn turn, Reshard reshard, Members members) {
    if (Tasks.allDone(members.tasks())) {
      Tasks.close(turn, members.tasks());
      turn.emit(
          new Decision.ReshardStored(
              Phases.after(reshard, ReshardEvent.TARGETS_CREATED, turn.now()).build()));
      members.targets().forEach(target -> copy(turn, reshard, target));
    }
  }

  private static void copy(Turn turn, Reshard reshard, Shard target) {
    Tasks.openForShard(
        turn,
        TaskKind.COPY_SHARD,
        TaskIds.copyShard(reshard.getChangeLogId(), target.getId()),
        reshard.getTableId(),
        target,
        reshard.getChangeLogId());
  }

  private static void copying(Turn turn, Reshard reshard, Members members) {
    if (Tasks.allDone(members.tasks())) {
      Reshard.Builder next = Phases.after(reshard, ReshardEvent.TARGETS_COPIED, turn.now());
      next.setTargets(Progress.targets(turn, reshard, members));
      Tasks.close(turn, members.tasks());
      turn.emit(new Decision.ReshardStored(next.build()));
    }
  }

  private static void replaying(Turn turn, Reshard reshard, Members members) {
    if (Lag.isWithinBound(turn, reshard, members) && haveTheTable(turn, reshard, members)) {
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

  /** A target that waits for its copy, though the copy was reported done, has lost it. */
  private static void copyAgainWhatIsNotThere(Turn turn, Reshard reshard, Members members) {
    for (Shard target : members.targets()) {
      boolean waits =
          turn.now() - Phases.currentSince(reshard) >= turn.limits().taskTimeout()
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
}
