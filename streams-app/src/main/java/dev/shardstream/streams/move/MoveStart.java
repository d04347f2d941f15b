package dev.shardstream.streams.move;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.catalog.ExpectedVersion;
import dev.shardstream.streams.catalog.ReadyTable;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.placement.Acceptance;
import dev.shardstream.streams.placement.Placement;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.PlannedMove;
import dev.shardstream.streams.reshard.NewReshard;
import dev.shardstream.streams.reshard.ReshardStart;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** MOVE SHARD: a reshard of one shard to one of the same rows and role on another node. */
public final class MoveStart {
  private MoveStart() {}

  /**
   * Begins to move a shard. A shard that is there already is left alone; a node that may be heard
   * of soon is waited for.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, TABLE_NOT_READY, SCHEMA_VERSION_CONFLICT,
   *     SHARD_NOT_FOUND, NODE_NOT_FOUND, NODE_NOT_PLACEABLE, RESHARD_IN_PROGRESS
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    MoveShard move = (MoveShard) command.getOperation();
    Table table = ReadyTable.require(turn.state().tableNamed(move.getTable()), move.getTable());
    ExpectedVersion.require(command, table);
    Topology topology = turn.state().topology(table.getTableId()).orElseThrow();
    Shard source =
        active(topology, move.getShardId())
            .orElseThrow(
                () ->
                    new ShardstreamException(
                        ErrorCode.SHARD_NOT_FOUND, table.getName(), move.getShardId()));
    if (source.getNodeId().equals(move.getToNode())) {
      Outcomes.applied(turn, command, table);
      return;
    }
    Optional<String> toWaitFor = KnownNode.require(turn, move.getToNode());
    if (toWaitFor.isEmpty()) {
      ReshardStart.requireNoReshard(turn, table);
      Acceptance.requireNoHolder(topology, source, move.getToNode());
      toWaitFor = acceptance(turn, move.getToNode());
    }
    if (toWaitFor.isPresent()) {
      Outcomes.pending(turn, command, "waits for " + toWaitFor.get());
    } else {
      PlannedMove planned =
          new PlannedMove(table.getTableId(), move.getShardId(), move.getToNode());
      ReshardStart.begin(
          turn, command, progress, table, reshard(topology, List.of(planned), move.getOptions()));
    }
  }

  private static Optional<String> acceptance(Turn turn, String nodeId) {
    Acceptance acceptance = Acceptance.of(turn, nodeId);
    return switch (acceptance.answer()) {
      case YES -> Optional.empty();
      case NOT_YET -> Optional.of(acceptance.why());
      case NO ->
          throw new ShardstreamException(ErrorCode.NODE_NOT_PLACEABLE, nodeId, acceptance.why());
    };
  }

  static Optional<Shard> active(Topology topology, int shardId) {
    return Tables.shard(topology, shardId).filter(s -> s.getStatus() == ShardStatus.ACTIVE);
  }

  /** The reshard that makes some moves of one table. */
  static NewReshard reshard(
      Topology topology, List<PlannedMove> moves, @Nullable ReshardOptions options) {
    List<Shard> sources =
        moves.stream().map(move -> active(topology, move.getShardId()).orElseThrow()).toList();
    List<Shard> targets =
        Placement.copies(
            sources,
            topology.getNextShardId(),
            moves.stream().map(PlannedMove::getToNode).toList());
    return new NewReshard(ReshardPurpose.MOVE, sources, targets, options, null);
  }
}
