package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.state.Turn;
import java.util.Optional;

/** What ends a reshard before its switch. After the switch nothing does. */
final class Faults {
  private Faults() {}

  static Optional<ShardstreamException> find(Turn turn, Reshard reshard, Members members) {
    if (reshard.getStatus() == ReshardStatus.SWITCHING) {
      return Optional.empty();
    }
    for (OpenTask task : members.tasks()) {
      if (task.getStatus() == TaskStatus.FAILED) {
        return Optional.of(givenUp(task));
      }
    }
    for (Shard shard : members.all()) {
      Optional<ShardstreamException> fault = fault(turn, reshard, shard);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private static ShardstreamException givenUp(OpenTask task) {
    String message = task.getErrorMessage() == null ? "no answer" : task.getErrorMessage();
    return ErrorCode.TASK_FAILED.name().equals(task.getErrorCode())
        ? ShardstreamException.reported(ErrorCode.TASK_FAILED, message)
        : new ShardstreamException(
            ErrorCode.TASK_FAILED, task.getTaskId(), task.getAttempt(), message);
  }

  private static Optional<ShardstreamException> fault(Turn turn, Reshard reshard, Shard shard) {
    if (turn.cluster().isLost(shard.getNodeId(), turn.limits())) {
      return Optional.of(
          new ShardstreamException(
              ErrorCode.NODE_LOST,
              shard.getNodeId(),
              turn.cluster().silentMillis(shard.getNodeId()) / 1000));
    }
    Optional<ShardReport> report =
        turn.cluster().report(shard.getNodeId(), reshard.getTableId(), shard.getId());
    if (report.isPresent()) {
      return report
          .filter(r -> r.getState() == ShardState.FAILED)
          .map(
              r ->
                  stopped(reshard, shard, r.getError() == null ? "no reason given" : r.getError()));
    }
    return isGone(turn, reshard, shard)
        ? Optional.of(stopped(reshard, shard, "its node does not have it any more"))
        : Optional.empty();
  }

  /**
   * A live node that does not name a shard which it must have had for a while has lost it. What
   * counts is how old the shard was when the heartbeat came, not how old it is by now.
   */
  private static boolean isGone(Turn turn, Reshard reshard, Shard shard) {
    long heardAt = turn.now() - turn.cluster().silentMillis(shard.getNodeId());
    return reshard.getStatus() != ReshardStatus.QUEUED
        && turn.cluster().isSettled(shard.getNodeId(), turn.limits())
        && heardAt - Phases.currentSince(reshard) >= turn.limits().taskTimeout();
  }

  private static ShardstreamException stopped(Reshard reshard, Shard shard, String why) {
    return new ShardstreamException(
        ErrorCode.SHARD_FAILED, Tables.shardName(reshard.getTableId(), shard.getId()), why);
  }
}
