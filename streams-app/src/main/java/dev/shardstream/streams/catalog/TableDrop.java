package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.TableType;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * DROP TABLE: the name is free at once; then the shards go, then the log, then the table. A lost
 * node does not hold it up: the task stays in the node's topic, and the file goes when it is back.
 * With CASCADE a node table's edge tables go first.
 */
public final class TableDrop {
  private TableDrop() {}

  /**
   * Begins to drop a table.
   *
   * @throws ShardstreamException TABLE_NOT_FOUND, WRONG_TABLE_TYPE, SCHEMA_VERSION_CONFLICT,
   *     NODE_TABLE_IN_USE, DROP_DURING_RESHARD
   */
  public static void start(Turn turn, DdlCommand command) {
    DropTable drop = (DropTable) command.getOperation();
    Optional<Table> found = turn.state().tableNamed(drop.getTable());
    if (found.isEmpty() && drop.getIfExists()) {
      Outcomes.applied(turn, command);
      return;
    }
    Table table =
        found.orElseThrow(
            () -> new ShardstreamException(ErrorCode.TABLE_NOT_FOUND, drop.getTable()));
    requireType(table, drop.getType());
    ExpectedVersion.require(command, table);
    List<Table> edges = edges(turn.state(), table);
    if (!edges.isEmpty() && !drop.getCascade()) {
      throw new ShardstreamException(
          ErrorCode.NODE_TABLE_IN_USE,
          table.getName(),
          edges.stream().map(e -> "'" + e.getName() + "'").collect(Collectors.joining(", ")));
    }
    edges.forEach(edge -> requireNoReshard(turn.state(), edge));
    requireNoReshard(turn.state(), table);
    Outcomes.running(turn, command, table.getTableId(), null);
    edges.forEach(edge -> begin(turn, edge));
    begin(turn, table);
    Outcomes.accepted(turn, command, table);
  }

  private static void requireType(Table table, @Nullable TableType wanted) {
    if (wanted != null && wanted != table.getType()) {
      throw new ShardstreamException(
          ErrorCode.WRONG_TABLE_TYPE,
          table.getName(),
          Tables.typeName(wanted),
          Tables.typeName(table.getType()));
    }
  }

  /** The edge tables of a node table that still have a name. */
  private static List<Table> edges(DatabaseState state, Table table) {
    return state.edgeTables(table.getTableId()).stream()
        .filter(e -> e.getStatus() != TableStatus.DROPPING)
        .toList();
  }

  private static void requireNoReshard(DatabaseState state, Table table) {
    if (isResharded(state, table)) {
      throw new ShardstreamException(ErrorCode.DROP_DURING_RESHARD, table.getName());
    }
  }

  private static boolean isResharded(DatabaseState state, Table table) {
    return state.topology(table.getTableId()).filter(t -> t.getChangeLogId() != null).isPresent();
  }

  /** Takes a table's name away and its shards down. */
  static void begin(Turn turn, Table table) {
    LogRules.closeAll(turn, table.getTableId());
    turn.emit(
        new Decision.TableStored(Table.newBuilder(table).setStatus(TableStatus.DROPPING).build()));
    turn.state()
        .topology(table.getTableId())
        .map(Topology::getShards)
        .orElse(List.of())
        .forEach(shard -> dropShard(turn, table.getTableId(), shard, null));
  }

  /** Tells a node to delete a shard; the task is watched until it is done or its node is lost. */
  public static void dropShard(
      Turn turn, String tableId, Shard shard, @Nullable String changeLogId) {
    Tasks.openForShard(
        turn,
        TaskKind.DROP_SHARD,
        TaskIds.dropShard(tableId, shard.getId()),
        tableId,
        shard,
        changeLogId);
  }

  /** Takes every step that a table in removal is ready for. */
  public static void advance(Turn turn, Table table) {
    String tableId = table.getTableId();
    Optional<OpenTask> log = turn.state().task(TaskIds.deleteLog(tableId));
    List<OpenTask> drops = turn.state().tasks(tableId, TaskKind.DROP_SHARD);
    boolean edgesAreGone = turn.state().edgeTables(tableId).isEmpty();
    if (log.isEmpty() && Tasks.allOver(drops) && edgesAreGone) {
      Tasks.openForProvisioner(
          turn, TaskKind.DELETE_LOG, TaskIds.deleteLog(tableId), tableId, null);
    } else if (log.isPresent() && log.get().getStatus() == TaskStatus.DONE) {
      Tasks.close(turn, List.of(log.get()));
      turn.state().topology(tableId).ifPresent(t -> turn.emit(new Decision.TopologyGone(tableId)));
      turn.emit(new Decision.TableGone(tableId));
      turn.state()
          .endedReshards(tableId)
          .forEach(r -> turn.emit(new Decision.ReshardForgotten(r.getChangeLogId())));
      dropping(turn.state(), tableId).ifPresent(c -> Outcomes.applied(turn, c, table));
    } else if (log.isPresent() && log.get().getErrorMessage() != null) {
      String words = Tasks.underWay("its log is being deleted", log.get());
      dropping(turn.state(), tableId).ifPresent(c -> Outcomes.accepted(turn, c, words));
    }
  }

  private static Optional<DdlCommand> dropping(DatabaseState state, String tableId) {
    return state.runningOn(tableId).stream()
        .filter(c -> c.getOperation() instanceof DropTable)
        .findFirst();
  }

  /** Forgets the removal of a table's shards that nobody is waiting for, once it is over. */
  public static void forgetStrayDrops(Turn turn, String tableId) {
    List<OpenTask> over =
        turn.state().tasks(tableId, TaskKind.DROP_SHARD).stream()
            .filter(t -> Tasks.allOver(List.of(t)))
            .filter(t -> isStray(turn.state(), t))
            .filter(t -> !isStillNamed(turn, t))
            .toList();
    Tasks.close(turn, over);
  }

  /** A heartbeat from before the removal would make an orphan of the shard. */
  private static boolean isStillNamed(Turn turn, OpenTask drop) {
    String node = String.valueOf(drop.getNodeId());
    return turn.cluster().isCurrent(node, turn.limits())
        && turn.cluster()
            .report(node, drop.getTableId(), Objects.requireNonNull(drop.getShardId()))
            .isPresent();
  }

  private static boolean isStray(DatabaseState state, OpenTask drop) {
    boolean tableGoes =
        state
            .table(drop.getTableId())
            .filter(t -> t.getStatus() == TableStatus.DROPPING)
            .isPresent();
    boolean shardIsThere =
        state
            .topology(drop.getTableId())
            .filter(t -> t.getShards().stream().anyMatch(s -> s.getId() == drop.getShardId()))
            .isPresent();
    return !tableGoes && !shardIsThere;
  }
}
