package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyTable;
import dev.shardstream.streams.catalog.ExpectedVersion;
import dev.shardstream.streams.catalog.ReadyTable;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.placement.Placement;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * VERIFY: whether what serves is right. Against the log: beside every owner another shard is made
 * from the log alone, on the same node, and both are compared as in any reshard. Without the log:
 * the replicas are compared with their owners. Nothing is switched.
 */
public final class VerifyStart {
  private VerifyStart() {}

  /**
   * Begins to verify a table.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, TABLE_NOT_READY, SCHEMA_VERSION_CONFLICT,
   *     INVALID_ARGUMENT, RESHARD_IN_PROGRESS, NODE_LOST, NO_REPLICAS
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    VerifyTable verify = (VerifyTable) command.getOperation();
    Table table = ReadyTable.require(turn.state().tableNamed(verify.getTable()), verify.getTable());
    ExpectedVersion.require(command, table);
    requireNoSwitch(verify.getOptions());
    Topology topology = ReshardStart.requireNoReshard(turn, table);
    NewReshard planned =
        verify.getAgainstLog()
            ? againstLog(topology, verify.getOptions(), null)
            : ofReplicas(turn, table, topology, verify.getOptions(), null);
    ReshardStart.begin(turn, command, progress, table, planned);
    String leftOut = leftOut(turn, topology);
    if (!verify.getAgainstLog() && !leftOut.isEmpty()) {
      Outcomes.accepted(turn, command, "left out, because their nodes are lost: " + leftOut);
    }
  }

  /** A verify of every owner against a shard that is made from the log. */
  static NewReshard againstLog(
      Topology topology, @Nullable ReshardOptions options, @Nullable String retryOf) {
    List<Shard> sources = Tables.owners(topology);
    List<Shard> targets =
        Placement.copies(
            sources, topology.getNextShardId(), sources.stream().map(Shard::getNodeId).toList());
    return new NewReshard(ReshardPurpose.VERIFY, sources, targets, options, retryOf);
  }

  /**
   * A verify of the replicas against their owners, but for those on lost nodes.
   *
   * @throws ShardstreamException NO_REPLICAS, or NODE_LOST when there are none but on lost nodes
   */
  static NewReshard ofReplicas(
      Turn turn,
      Table table,
      Topology topology,
      @Nullable ReshardOptions options,
      @Nullable String retryOf) {
    List<Shard> replicas = Group.of(topology).stream().flatMap(g -> g.replicas().stream()).toList();
    if (replicas.isEmpty()) {
      throw new ShardstreamException(ErrorCode.NO_REPLICAS, table.getName());
    }
    List<Shard> targets = replicas.stream().filter(r -> !isLost(turn, r)).toList();
    if (targets.isEmpty()) {
      String node = replicas.get(0).getNodeId();
      throw new ShardstreamException(
          ErrorCode.NODE_LOST, node, turn.cluster().silentMillis(node) / 1000);
    }
    return new NewReshard(
        ReshardPurpose.VERIFY, Group.owners(topology, targets), targets, options, retryOf);
  }

  private static String leftOut(Turn turn, Topology topology) {
    return topology.getShards().stream()
        .filter(s -> s.getRole() == ShardRole.REPLICA && isLost(turn, s))
        .map(s -> "replica " + s.getId() + " on node '" + s.getNodeId() + "'")
        .collect(Collectors.joining(", "));
  }

  private static boolean isLost(Turn turn, Shard shard) {
    return turn.cluster().isLost(shard.getNodeId(), turn.limits());
  }

  private static void requireNoSwitch(@Nullable ReshardOptions options) {
    if (options != null && (options.getManualCutover() || options.getRepair())) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "a verify switches nothing and repairs nothing");
    }
  }
}
