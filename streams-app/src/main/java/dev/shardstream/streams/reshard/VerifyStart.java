package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.streams.catalog.ExpectedVersion;
import dev.shardstream.streams.catalog.ReadyTable;
import dev.shardstream.streams.placement.Placement;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * VERIFY against the log: beside every active shard another one is made from the log alone, on the
 * same node, and both are compared as in any reshard. Nothing is switched.
 */
public final class VerifyStart {
  private VerifyStart() {}

  /**
   * Begins to verify a table.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, TABLE_NOT_READY, SCHEMA_VERSION_CONFLICT,
   *     INVALID_ARGUMENT, RESHARD_IN_PROGRESS
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    VerifyTable verify = (VerifyTable) command.getOperation();
    Table table = ReadyTable.require(turn.state().tableNamed(verify.getTable()), verify.getTable());
    ExpectedVersion.require(command, table);
    requireNoSwitch(verify.getOptions());
    Topology topology = ReshardStart.requireNoReshard(turn, table);
    List<Shard> sources = Tables.owners(topology);
    List<Shard> targets =
        Placement.copies(
            sources, topology.getNextShardId(), sources.stream().map(Shard::getNodeId).toList());
    ReshardStart.begin(
        turn,
        command,
        progress,
        table,
        new NewReshard(ReshardPurpose.VERIFY, sources, targets, verify.getOptions(), null));
  }

  private static void requireNoSwitch(@Nullable ReshardOptions options) {
    if (options != null && (options.getManualCutover() || options.getRepair())) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "a verify against the log switches nothing and repairs nothing");
    }
  }
}
