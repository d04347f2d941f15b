package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.TargetProgress;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import java.util.List;
import java.util.Optional;

/** What a reshard tells of its targets, published at a bounded rate. */
final class Progress {
  private Progress() {}

  /** Publishes the progress of a reshard when there is some and the last was long enough ago. */
  static void publish(Turn turn, String changeLogId) {
    Reshard reshard = turn.state().reshard(changeLogId).orElse(null);
    if (reshard == null || turn.now() - reshard.getUpdatedAt() < turn.limits().progressInterval()) {
      return;
    }
    List<TargetProgress> targets = targets(turn, reshard, Members.of(turn.state(), reshard));
    if (!targets.equals(reshard.getTargets())) {
      turn.emit(
          new Decision.ReshardStored(
              Reshard.newBuilder(reshard).setTargets(targets).setUpdatedAt(turn.now()).build()));
    }
  }

  /** The targets as they are now. */
  static List<TargetProgress> targets(Turn turn, Reshard reshard, Members members) {
    return reshard.getTargets().stream()
        .map(
            before -> {
              Shard shard =
                  members.targets().stream()
                      .filter(s -> s.getId() == before.getShardId())
                      .findFirst()
                      .orElseThrow();
              return target(turn, reshard, before, shard);
            })
        .toList();
  }

  private static TargetProgress target(
      Turn turn, Reshard reshard, TargetProgress before, Shard shard) {
    TargetProgress.Builder now = TargetProgress.newBuilder(before);
    Optional<OpenTask> copy =
        turn.state()
            .task(TaskIds.copyShard(reshard.getChangeLogId(), shard.getId(), reshard.getRepairs()));
    if (copy.isPresent()) {
      now.setVirtualShardsCopied(
              Math.max(before.getVirtualShardsCopied(), copy.get().getVirtualShardsCopied()))
          .setRowsCopied(Math.max(before.getRowsCopied(), copy.get().getRowsCopied()))
          .setRowsCopiedLocally(
              Math.max(before.getRowsCopiedLocally(), copy.get().getRowsCopiedLocally()))
          .setCopyMillis(Math.max(before.getCopyMillis(), copy.get().getCopyMillis()));
    }
    Optional<ShardReport> report =
        turn.cluster()
            .report(shard.getNodeId(), reshard.getTableId(), shard.getId())
            .filter(r -> r.getState() == ShardState.APPLYING);
    report.ifPresent(
        r ->
            now.setReplayedChanges(Math.max(before.getReplayedChanges(), r.getAppliedChanges()))
                .setLag(Lag.of(turn, reshard.getTableId(), shard)));
    return now.build();
  }

  /** A target that is only planned. */
  static TargetProgress notStarted(Shard target) {
    return new TargetProgress(
        target.getId(),
        target.getNodeId(),
        target.getVirtualShards().size(),
        0,
        0L,
        0L,
        0L,
        0L,
        -1L,
        target.getRole());
  }
}
