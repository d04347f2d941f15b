package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardTable;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.catalog.ExpectedVersion;
import dev.shardstream.streams.catalog.ReadyTable;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.placement.Acceptance;
import dev.shardstream.streams.placement.Group;
import dev.shardstream.streams.placement.TopologySize;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Accepts a reshard: targets are placed and made. */
public final class ReshardStart {
  private static final String SPLIT_LATER =
      "split points are chosen from the rows when it starts: shards are as equal as they get";

  private ReshardStart() {}

  /**
   * Begins a reshard, or tells its plan. The same shard count as before is allowed: it moves the
   * table to fresh shards. While no node is alive the command waits.
   *
   * @throws ShardstreamException INVALID_SHARD_COUNT, TABLE_NOT_FOUND, TABLE_NOT_READY,
   *     SCHEMA_VERSION_CONFLICT, RESHARD_IN_PROGRESS, INVALID_ARGUMENT, NODE_LOST, TOO_FEW_NODES,
   *     INSUFFICIENT_DISK; of a dry run NO_LIVE_NODE
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    ReshardTable operation = (ReshardTable) command.getOperation();
    int count = operation.getTargetShards();
    if (count < 1 || count > VirtualShards.COUNT) {
      throw new ShardstreamException(ErrorCode.INVALID_SHARD_COUNT, count);
    }
    Table table =
        ReadyTable.require(turn.state().tableNamed(operation.getTable()), operation.getTable());
    Topology topology = requireNoReshard(turn, table);
    ExpectedVersion.require(command, table);
    requireValid(operation.getOptions());
    requireLiveOwners(turn, topology, Tables.owners(topology));
    Optional<String> toWaitFor =
        Acceptance.nodesToWaitFor(turn, table.getName(), table.getReplicas());
    if (toWaitFor.isPresent()) {
      waitForNodes(turn, command, table, operation.getDryRun(), toWaitFor.get());
      return;
    }
    NewReshard planned =
        NewReshard.divided(table, topology, count, turn.placeable(), operation.getOptions(), null);
    if (operation.getDryRun()) {
      TopologySize.require(table.getName(), topology, planned.targets());
      Outcomes.planned(
          turn,
          command,
          table,
          ReshardPlans.of(turn, table, planned),
          planned.isToBeSplit() ? SPLIT_LATER : null);
    } else {
      begin(turn, command, progress, table, planned);
    }
  }

  private static void waitForNodes(
      Turn turn, DdlCommand command, Table table, boolean isDryRun, String what) {
    if (isDryRun) {
      int nodes = turn.placeable().size();
      throw nodes == 0
          ? new ShardstreamException(ErrorCode.NO_LIVE_NODE, table.getName())
          : new ShardstreamException(
              ErrorCode.TOO_FEW_NODES, table.getName(), table.getReplicas(), nodes);
    }
    Outcomes.pending(turn, command, what);
  }

  /**
   * What is copied is copied from owners, and compared with them. Where a replica can take the
   * place of an owner whose node is lost, it has done so already.
   *
   * @throws ShardstreamException NODE_LOST
   */
  private static void requireLiveOwners(Turn turn, Topology topology, List<Shard> sources) {
    Stream.concat(sources.stream(), Group.owners(topology, sources).stream())
        .map(Shard::getNodeId)
        .filter(node -> turn.cluster().isLost(node, turn.limits()))
        .findFirst()
        .ifPresent(
            node -> {
              throw new ShardstreamException(
                  ErrorCode.NODE_LOST, node, turn.cluster().silentMillis(node) / 1000);
            });
  }

  /**
   * Options that can be followed.
   *
   * @throws ShardstreamException INVALID_ARGUMENT
   */
  public static void requireValid(@Nullable ReshardOptions options) {
    boolean isValid =
        options == null
            || Objects.requireNonNullElse(options.getRowsPerSecond(), 0L) >= 0
                && Objects.requireNonNullElse(options.getGraceMillis(), 0L) >= 0;
    if (!isValid) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT, "rows per second and a grace period must be 0 or more");
    }
  }

  /**
   * The topology of an active table.
   *
   * @throws ShardstreamException RESHARD_IN_PROGRESS
   */
  public static Topology requireNoReshard(Turn turn, Table table) {
    Topology topology = turn.state().topology(table.getTableId()).orElseThrow();
    if (topology.getChangeLogId() != null) {
      throw new ShardstreamException(
          ErrorCode.RESHARD_IN_PROGRESS, table.getName(), topology.getChangeLogId());
    }
    return topology;
  }

  /**
   * Begins the reshard that a command asks for, of a table in which none runs; the command ends
   * with it.
   *
   * @throws ShardstreamException NODE_LOST, INSUFFICIENT_DISK, INVALID_ARGUMENT; nothing was
   *     decided then
   */
  public static void begin(
      Turn turn, DdlCommand command, CommandProgress progress, Table table, NewReshard planned) {
    String id = turn.state().database() + "-r" + progress.getNumber();
    begin(turn, command.getId(), id, table, planned);
    Outcomes.running(turn, command, table.getTableId(), id);
    Outcomes.accepted(turn, command, table);
  }

  /**
   * Begins a reshard of a table in which none runs: one batch of decisions, and the tasks that make
   * its targets or find out about them.
   *
   * @param commandId on whose behalf, empty for nobody's
   * @param id unique in the database
   * @throws ShardstreamException NODE_LOST, INSUFFICIENT_DISK, INVALID_ARGUMENT; nothing was
   *     decided then
   */
  public static void begin(
      Turn turn, String commandId, String id, Table table, NewReshard planned) {
    String tableId = table.getTableId();
    Topology topology = turn.state().topology(tableId).orElseThrow();
    requireLiveOwners(turn, topology, planned.sources());
    List<Shard> made =
        planned.targets().stream().filter(t -> t.getStatus() == ShardStatus.PENDING).toList();
    if (!made.isEmpty()) {
      TopologySize.require(table.getName(), topology, made);
      ReshardPlans.requireRoom(turn, table, planned);
    }
    if (planned.isToBeSplit()) {
      NewReshard begun = planned.withoutTargets();
      turn.emit(new Decision.ReshardStored(queued(turn, commandId, id, table, begun)));
      make(turn, tableId, id, List.of());
      Sampling.ask(turn, tableId, id, planned.sources());
    } else {
      turn.emit(new Decision.ReshardStored(queued(turn, commandId, id, table, planned)));
      make(turn, tableId, id, made);
    }
  }

  /** Puts the targets of a reshard into its table's topology, and has them made. */
  static void make(Turn turn, String tableId, String changeLogId, List<Shard> targets) {
    Topology topology = turn.state().topology(tableId).orElseThrow();
    List<Shard> shards = new ArrayList<>(topology.getShards());
    shards.addAll(targets);
    turn.emit(
        new Decision.TopologyStored(
            Topology.newBuilder(topology)
                .setShards(shards)
                .setNextShardId(topology.getNextShardId() + targets.size())
                .setChangeLogId(changeLogId)
                .build()));
    for (Shard target : targets) {
      Tasks.openForShard(
          turn,
          TaskKind.CREATE_SHARD,
          TaskIds.createShard(tableId, target.getId()),
          tableId,
          target,
          changeLogId);
    }
  }

  private static Reshard queued(
      Turn turn, String commandId, String id, Table table, NewReshard planned) {
    return Reshard.newBuilder()
        .setDatabase(table.getDatabase())
        .setChangeLogId(id)
        .setCommandId(commandId)
        .setTableId(table.getTableId())
        .setTable(table.getName())
        .setPurpose(planned.purpose())
        .setOptions(planned.options())
        .setRetryOf(planned.retryOf())
        .setShardCount(planned.shardCount())
        .setStatus(ReshardStatus.QUEUED)
        .setSourceShards(planned.sources().stream().map(Shard::getId).toList())
        .setTargetShards(planned.targets().stream().map(Shard::getId).toList())
        .setStartedAt(turn.now())
        .setUpdatedAt(turn.now())
        .setPhases(List.of(new ReshardPhase(ReshardStatus.QUEUED, turn.now(), null)))
        .setTargets(planned.targets().stream().map(Progress::notStarted).toList())
        .build();
  }
}
