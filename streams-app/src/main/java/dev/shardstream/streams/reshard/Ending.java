package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.streams.catalog.TableDrop;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.Optional;

/**
 * Where reshards end, and where that meets their commands. A command that began one reshard ends
 * with it; one that began several, like a drain, looks at what has become of them by itself.
 */
final class Ending {
  /** Reshards of a table that are remembered when they are at an end. */
  private static final int REMEMBERED = 8;

  private Ending() {}

  /** Ends a reshard that cannot go on, before its switch. */
  static void fail(Turn turn, Reshard reshard, ReshardEvent event, ShardstreamException why) {
    Reshard failed =
        withoutTargets(turn, reshard, event)
            .setErrorCode(why.code().name())
            .setErrorMessage(why.getMessage())
            .build();
    ShardstreamException reason =
        new ShardstreamException(
            ErrorCode.RESHARD_FAILED,
            reshard.getChangeLogId(),
            reshard.getTable(),
            why.getMessage());
    rejected(turn, failed, reason);
  }

  /** Ends a reshard that an operator takes back before its switch. */
  static void cancel(Turn turn, Reshard reshard) {
    Reshard cancelled = withoutTargets(turn, reshard, ReshardEvent.CANCEL_ASKED).build();
    rejected(turn, cancelled, because(ErrorCode.RESHARD_CANCELLED, reshard));
  }

  /** Ends a reshard that was to compare only: both sides are equal. */
  static void prove(Turn turn, Reshard reshard, int digestsCompared) {
    applied(
        turn,
        withoutTargets(turn, reshard, ReshardEvent.PROVED)
            .setDigestsCompared(digestsCompared)
            .build());
  }

  /**
   * Leaves the table as if the reshard had never run, in one batch of decisions: the topology is
   * what it was (shard ids go on, because ids are never used again), and the targets are dropped.
   */
  private static Reshard.Builder withoutTargets(Turn turn, Reshard reshard, ReshardEvent event) {
    Members members = Members.of(turn.state(), reshard);
    Tasks.close(turn, members.tasks());
    VerifyRounds.close(turn, reshard.getChangeLogId());
    Sampling.forget(turn, reshard);
    release(turn, members.topology(), members.made());
    for (Shard target : members.made()) {
      TableDrop.dropShard(turn, reshard.getTableId(), target, reshard.getChangeLogId());
    }
    return Phases.after(reshard, event, turn.now()).setPaused(false).setBackingOff(false);
  }

  /** Ends a reshard after its switch: the shards that the table does not need are gone. */
  static void cleanedUp(Turn turn, Reshard reshard, Members members) {
    boolean isRolledBack = reshard.getRolledBackAt() != null;
    release(turn, members.topology(), isRolledBack ? members.targets() : members.replaced());
    ReshardEvent event = isRolledBack ? ReshardEvent.TARGETS_DROPPED : ReshardEvent.SOURCES_DROPPED;
    Reshard ended = Phases.after(reshard, event, turn.now()).build();
    if (isRolledBack) {
      rejected(turn, ended, because(ErrorCode.RESHARD_ROLLED_BACK, reshard));
    } else {
      applied(turn, ended);
    }
  }

  /** Ends a reshard that made replicas: they are active, and nothing else has changed. */
  static void joined(Turn turn, Reshard reshard, Members members, int digestsCompared) {
    Tasks.close(turn, members.tasks());
    Reshard complete =
        Phases.after(reshard, ReshardEvent.REPLICAS_EQUAL, turn.now())
            .setSwitchedAt(turn.now())
            .setDigestsCompared(digestsCompared)
            .setMismatches(List.of())
            .setCopyAgain(List.of())
            .setTargets(Progress.targets(turn, reshard, members))
            .build();
    applied(turn, complete);
  }

  /** Takes shards out of a topology, and with them its reshard. */
  private static void release(Turn turn, Topology topology, List<Shard> shards) {
    List<Shard> kept = topology.getShards().stream().filter(s -> !shards.contains(s)).toList();
    turn.emit(
        new Decision.TopologyStored(
            Topology.newBuilder(topology).setShards(kept).setChangeLogId(null).build()));
  }

  private static ShardstreamException because(ErrorCode code, Reshard reshard) {
    return new ShardstreamException(code, reshard.getChangeLogId(), reshard.getTable());
  }

  private static void applied(Turn turn, Reshard ended) {
    remember(turn, ended);
    commandOf(turn, ended)
        .ifPresent(
            command ->
                Outcomes.applied(
                    turn, command, turn.state().table(ended.getTableId()).orElseThrow()));
  }

  private static void rejected(Turn turn, Reshard ended, ShardstreamException why) {
    remember(turn, ended);
    commandOf(turn, ended).ifPresent(command -> Outcomes.rejected(turn, command, why));
  }

  private static void remember(Turn turn, Reshard ended) {
    turn.emit(new Decision.ReshardStored(ended));
    List<Reshard> all = turn.state().endedReshards(ended.getTableId());
    all.stream()
        .limit(Math.max(0, all.size() - REMEMBERED))
        .forEach(r -> turn.emit(new Decision.ReshardForgotten(r.getChangeLogId())));
  }

  /** The command that stands and falls with a reshard. */
  private static Optional<DdlCommand> commandOf(Turn turn, Reshard reshard) {
    return turn.state().command(reshard.getCommandId()).filter(c -> isOfOne(c.getOperation()));
  }

  private static boolean isOfOne(Object operation) {
    return operation instanceof ReshardTable
        || operation instanceof MoveShard
        || operation instanceof VerifyTable
        || operation instanceof ControlReshard control && control.getVerb() == ReshardVerb.RETRY;
  }
}
