package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.catalog.TableDrop;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.Tasks;
import java.util.List;

/** The cutover, and what follows it. */
final class Switching {
  private Switching() {}

  /** The cutover itself: one topology record. */
  static void cutOver(Turn turn, Reshard reshard, Members members, int digestsCompared) {
    List<Shard> shards =
        members.topology().getShards().stream().map(s -> after(reshard, s)).toList();
    turn.emit(
        new Decision.TopologyStored(
            Topology.newBuilder(members.topology())
                .setEpoch(members.topology().getEpoch() + 1)
                .setShards(shards)
                .build()));
    turn.emit(
        new Decision.ReshardStored(
            Phases.after(reshard, ReshardEvent.DIGESTS_EQUAL, turn.now())
                .setSwitchedAt(turn.now())
                .setDigestsCompared(digestsCompared)
                .setTargets(Progress.targets(turn, reshard, members))
                .build()));
  }

  private static Shard after(Reshard reshard, Shard shard) {
    if (reshard.getTargetShards().contains(shard.getId())) {
      return Shard.newBuilder(shard).setStatus(ShardStatus.ACTIVE).build();
    }
    return reshard.getSourceShards().contains(shard.getId())
        ? Shard.newBuilder(shard).setStatus(ShardStatus.TO_BE_DELETED).build()
        : shard;
  }

  /** Keeps the sources for the grace period, drops them, and completes the reshard. */
  static void advance(Turn turn, Reshard reshard, Members members) {
    Long switchedAt = reshard.getSwitchedAt();
    if (switchedAt == null || turn.now() - switchedAt < turn.limits().grace()) {
      return;
    }
    if (members.tasks().isEmpty()) {
      members
          .sources()
          .forEach(
              s -> TableDrop.dropShard(turn, reshard.getTableId(), s, reshard.getChangeLogId()));
    } else if (Tasks.allOver(members.tasks())) {
      complete(turn, reshard, members);
    }
  }

  private static void complete(Turn turn, Reshard reshard, Members members) {
    Tasks.close(turn, members.tasks());
    List<Shard> kept =
        members.topology().getShards().stream()
            .filter(s -> !reshard.getSourceShards().contains(s.getId()))
            .toList();
    turn.emit(
        new Decision.TopologyStored(
            Topology.newBuilder(members.topology()).setShards(kept).setChangeLogId(null).build()));
    turn.emit(
        new Decision.ReshardStored(
            Phases.after(reshard, ReshardEvent.SOURCES_DROPPED, turn.now()).build()));
    DdlCommand command = turn.state().command(reshard.getCommandId()).orElseThrow();
    Table table = turn.state().table(reshard.getTableId()).orElseThrow();
    Outcomes.applied(turn, command, table);
  }
}
