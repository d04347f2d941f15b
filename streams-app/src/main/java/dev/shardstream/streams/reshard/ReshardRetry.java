package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.placement.Acceptance;
import dev.shardstream.streams.placement.Placement;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Begins a reshard anew that has come to nothing, planned over the nodes that live now. */
final class ReshardRetry {
  private static final String VERB = "retry";

  private ReshardRetry() {}

  /** A retry that runs or is complete is what was asked for; while no node is alive it waits. */
  static void start(Turn turn, DdlCommand command, CommandProgress progress, Reshard before) {
    Table table = turn.state().table(before.getTableId()).orElseThrow();
    Standing standing = Standing.of(before);
    if (!standing.isUndone()) {
      throw ReshardControl.cannot(VERB, before, standing.reason());
    }
    Optional<Reshard> retry = retryOf(turn, before);
    if (retry.isPresent()) {
      Outcomes.running(turn, command, table.getTableId(), retry.get().getChangeLogId());
      Outcomes.applied(turn, command, table);
      return;
    }
    if (table.getStatus() != TableStatus.ACTIVE) {
      throw ReshardControl.cannot(VERB, before, "its table is being dropped");
    }
    Topology topology = turn.state().topology(table.getTableId()).orElseThrow();
    if (topology.getChangeLogId() != null) {
      throw ReshardControl.cannot(
          VERB,
          before,
          "reshard '" + topology.getChangeLogId() + "' of its table is running: wait for it");
    }
    int replicas = before.getPurpose() == ReshardPurpose.RESHARD ? table.getReplicas() : 1;
    Optional<String> toWaitFor = Acceptance.nodesToWaitFor(turn, table.getName(), replicas);
    if (toWaitFor.isPresent()) {
      Outcomes.pending(turn, command, toWaitFor.get());
    } else {
      ReshardStart.begin(turn, command, progress, table, plan(turn, table, topology, before));
    }
  }

  private static Optional<Reshard> retryOf(Turn turn, Reshard before) {
    return Stream.concat(
            turn.state().reshards().stream(),
            turn.state().endedReshards(before.getTableId()).stream())
        .filter(r -> before.getChangeLogId().equals(r.getRetryOf()))
        .filter(r -> !Standing.of(r).isUndone())
        .findFirst();
  }

  private static NewReshard plan(Turn turn, Table table, Topology topology, Reshard before) {
    String id = before.getChangeLogId();
    return switch (before.getPurpose()) {
      case RESHARD ->
          NewReshard.divided(
              table, topology, before.getShardCount(), turn.placeable(), before.getOptions(), id);
      case MOVE -> {
        List<Shard> sources = moved(before, topology);
        List<String> nodes = destinations(before, turn.placeable());
        for (int i = 0; i < sources.size(); i++) {
          Acceptance.requireNoHolder(topology, sources.get(i), nodes.get(i));
        }
        yield new NewReshard(
            ReshardPurpose.MOVE,
            sources,
            Placement.copies(sources, topology.getNextShardId(), nodes),
            before.getOptions(),
            id);
      }
      case VERIFY ->
          isOfReplicas(before)
              ? VerifyStart.ofReplicas(turn, table, topology, before.getOptions(), id)
              : VerifyStart.againstLog(topology, before.getOptions(), id);
      case REPLICATE ->
          throw ReshardControl.cannot(
              VERB, before, "replicas that are missing are made again without being told to");
    };
  }

  /** A verify against the log has made targets of its own, which are owners like their sources. */
  private static boolean isOfReplicas(Reshard before) {
    return before.getTargets().stream().allMatch(t -> t.getRole() == ShardRole.REPLICA);
  }

  private static List<Shard> moved(Reshard before, Topology topology) {
    return before.getSourceShards().stream()
        .map(
            id ->
                Tables.shard(topology, id)
                    .filter(s -> s.getStatus() == ShardStatus.ACTIVE)
                    .orElseThrow(
                        () ->
                            new ShardstreamException(
                                ErrorCode.SHARD_NOT_FOUND, before.getTable(), id)))
        .toList();
  }

  private static List<String> destinations(Reshard before, List<String> nodes) {
    return before.getTargets().stream()
        .map(
            target -> {
              if (!nodes.contains(target.getNodeId())) {
                throw new ShardstreamException(
                    ErrorCode.NODE_NOT_PLACEABLE,
                    target.getNodeId(),
                    "it is not alive, or it is being drained");
              }
              return target.getNodeId();
            })
        .toList();
  }
}
