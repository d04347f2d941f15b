package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.catalog.TableDrop;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.Tasks;
import java.util.List;

/** Ends a reshard that cannot go on, and leaves the table as if it had never run. */
final class Failure {
  private Failure() {}

  /**
   * One batch of decisions: the topology is what it was (shard ids go on, because ids are never
   * used again), targets are dropped, the command is rejected with RESHARD_FAILED.
   */
  static void fail(Turn turn, Reshard reshard, ReshardEvent event, ShardstreamException why) {
    Members members = Members.of(turn.state(), reshard);
    Tasks.close(turn, members.tasks());
    VerifyRounds.close(turn, reshard.getChangeLogId());
    List<Shard> kept =
        members.topology().getShards().stream()
            .filter(s -> !reshard.getTargetShards().contains(s.getId()))
            .toList();
    turn.emit(
        new Decision.TopologyStored(
            Topology.newBuilder(members.topology()).setShards(kept).setChangeLogId(null).build()));
    for (Shard target : members.targets()) {
      TableDrop.dropShard(turn, reshard.getTableId(), target, reshard.getChangeLogId());
    }
    turn.emit(
        new Decision.ReshardStored(
            Phases.after(reshard, event, turn.now())
                .setErrorCode(why.code().name())
                .setErrorMessage(why.getMessage())
                .build()));
    DdlCommand command = turn.state().command(reshard.getCommandId()).orElseThrow();
    Outcomes.rejected(
        turn,
        command,
        new ShardstreamException(
            ErrorCode.RESHARD_FAILED,
            reshard.getChangeLogId(),
            reshard.getTable(),
            why.getMessage()));
  }
}
