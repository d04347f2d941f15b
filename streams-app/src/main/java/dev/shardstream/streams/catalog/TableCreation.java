package dev.shardstream.streams.catalog;

import dev.shardstream.schemas.catalog.ChangeText;
import dev.shardstream.schemas.catalog.SplitPoints;
import dev.shardstream.schemas.catalog.TableDefinition;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.SchemaVersion;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.command.Outcomes;
import dev.shardstream.streams.placement.Acceptance;
import dev.shardstream.streams.placement.Holding;
import dev.shardstream.streams.placement.Placement;
import dev.shardstream.streams.placement.TopologySize;
import dev.shardstream.streams.record.CommandProgress;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** CREATE TABLE: in the catalog, then its log, then its shards, then active. */
public final class TableCreation {
  private static final int FIRST_EPOCH = 1;
  private static final String LOG_IS_MADE = "its log is being created";

  private TableCreation() {}

  /**
   * Begins to create a table.
   *
   * @throws ShardstreamException when the definition breaks a rule or the name is taken
   */
  public static void start(Turn turn, DdlCommand command, CommandProgress progress) {
    CreateTable create = (CreateTable) command.getOperation();
    DatabaseState state = turn.state();
    Optional<Table> existing = state.tableNamed(create.getTable());
    if (existing.isPresent() && create.getIfNotExists()) {
      Outcomes.applied(turn, command, existing.get());
      return;
    }
    Table table =
        TableDefinition.of(
            create, state.database(), progress.getNumber(), progress.getAt(), new StateView(state));
    if (existing.isPresent()) {
      throw new ShardstreamException(ErrorCode.TABLE_EXISTS, create.getTable());
    }
    TopologySize.require(table.getName(), holdings(create), table.getReplicas());
    if (table.getReplicas() > 1 && !turn.placeable().isEmpty()) {
      Optional<String> toWaitFor =
          Acceptance.nodesToWaitFor(turn, table.getName(), table.getReplicas());
      if (toWaitFor.isPresent()) {
        Outcomes.pending(turn, command, toWaitFor.get());
        return;
      }
    }
    Outcomes.running(turn, command, table.getTableId(), null);
    turn.emit(new Decision.TableStored(table));
    turn.emit(new Decision.VersionRecorded(firstVersion(table, command)));
    String tableId = table.getTableId();
    Tasks.openForProvisioner(turn, TaskKind.CREATE_LOG, TaskIds.createLog(tableId), tableId, null);
    Outcomes.pending(turn, command, LOG_IS_MADE);
  }

  private static SchemaVersion firstVersion(Table table, DdlCommand command) {
    return new SchemaVersion(
        table.getDatabase(),
        table.getTableId(),
        table.getSchemaVersion(),
        command.getId(),
        table.getCreatedAt(),
        ChangeText.CREATE_TABLE,
        table);
  }

  /** Takes every step that a table in creation is ready for. */
  public static void advance(Turn turn, Table table) {
    DdlCommand command = creating(turn.state(), table).orElse(null);
    if (command == null) {
      return;
    }
    Optional<OpenTask> log = turn.state().task(TaskIds.createLog(table.getTableId()));
    if (log.isPresent()) {
      advanceLog(turn, table, command, log.get());
    } else {
      turn.state()
          .topology(table.getTableId())
          .ifPresent(topology -> advanceShards(turn, table, command, topology));
    }
  }

  private static Optional<DdlCommand> creating(DatabaseState state, Table table) {
    return state.runningOn(table.getTableId()).stream()
        .filter(c -> c.getOperation() instanceof CreateTable)
        .findFirst();
  }

  private static void advanceLog(Turn turn, Table table, DdlCommand command, OpenTask log) {
    if (log.getStatus() == TaskStatus.FAILED) {
      giveUp(turn, table, command, log);
    } else if (log.getStatus() == TaskStatus.DONE) {
      List<String> nodes = turn.placeable();
      if (nodes.isEmpty()) {
        Outcomes.pending(turn, command, ErrorCode.NO_LIVE_NODE.text(table.getName()));
      } else if (nodes.size() < table.getReplicas()) {
        Outcomes.pending(
            turn,
            command,
            ErrorCode.TOO_FEW_NODES.text(table.getName(), table.getReplicas(), nodes.size()));
      } else {
        placeShards(turn, table, command, nodes);
        Tasks.close(turn, List.of(log));
      }
    } else {
      Outcomes.pending(turn, command, Tasks.underWay(LOG_IS_MADE, log));
    }
  }

  private static void placeShards(Turn turn, Table table, DdlCommand command, List<String> nodes) {
    List<Shard> shards =
        Placement.spread(
            holdings((CreateTable) command.getOperation()), table.getReplicas(), 0, nodes);
    turn.emit(
        new Decision.TopologyStored(
            new Topology(
                table.getDatabase(),
                table.getTableId(),
                FIRST_EPOCH,
                shards,
                shards.size(),
                null)));
    shards.forEach(shard -> create(turn, table, shard));
    Outcomes.accepted(turn, command, table);
  }

  private static List<Holding> holdings(CreateTable create) {
    return create.getStrategy() == Strategy.RANGE
        ? Holding.ofRanges(SplitPoints.of(create))
        : Holding.ofVirtualShards(create.getShards());
  }

  private static void create(Turn turn, Table table, Shard shard) {
    String tableId = table.getTableId();
    Tasks.openForShard(
        turn,
        TaskKind.CREATE_SHARD,
        TaskIds.createShard(tableId, shard.getId()),
        tableId,
        shard,
        null);
  }

  private static void advanceShards(Turn turn, Table table, DdlCommand command, Topology topology) {
    List<OpenTask> tasks = turn.state().tasks(table.getTableId(), TaskKind.CREATE_SHARD);
    Optional<OpenTask> failed =
        tasks.stream().filter(t -> t.getStatus() == TaskStatus.FAILED).findFirst();
    if (failed.isPresent()) {
      giveUp(turn, table, command, failed.get());
    } else if (Tasks.allDone(tasks)) {
      Tasks.close(turn, tasks);
      activate(turn, table, command, topology);
    } else {
      replaceLost(turn, table, topology, tasks);
    }
  }

  private static void activate(Turn turn, Table table, DdlCommand command, Topology topology) {
    List<Shard> active =
        topology.getShards().stream()
            .map(s -> Shard.newBuilder(s).setStatus(ShardStatus.ACTIVE).build())
            .toList();
    Table ready = Table.newBuilder(table).setStatus(TableStatus.ACTIVE).build();
    turn.emit(new Decision.TopologyStored(Topology.newBuilder(topology).setShards(active).build()));
    turn.emit(new Decision.TableStored(ready));
    Outcomes.applied(turn, command, ready);
  }

  /** Shards of nodes that were lost before they answered are made elsewhere, under new ids. */
  private static void replaceLost(Turn turn, Table table, Topology topology, List<OpenTask> tasks) {
    List<OpenTask> lost =
        tasks.stream()
            .filter(t -> t.getStatus() != TaskStatus.DONE)
            .filter(t -> turn.cluster().isLost(String.valueOf(t.getNodeId()), turn.limits()))
            .toList();
    List<String> nodes = turn.placeable();
    if (lost.isEmpty() || nodes.isEmpty()) {
      return;
    }
    List<Shard> shards = new ArrayList<>(topology.getShards());
    List<Shard> abandoned = new ArrayList<>();
    int nextId = topology.getNextShardId();
    for (OpenTask task : lost) {
      int at = indexOf(shards, task.getShardId());
      Optional<String> node = another(shards, shards.get(at), nodes, nextId);
      if (node.isPresent()) {
        abandoned.add(shards.get(at));
        shards.set(
            at, Shard.newBuilder(shards.get(at)).setId(nextId).setNodeId(node.get()).build());
        nextId++;
      }
    }
    if (abandoned.isEmpty()) {
      return;
    }
    turn.emit(
        new Decision.TopologyStored(
            Topology.newBuilder(topology).setShards(shards).setNextShardId(nextId).build()));
    List<Integer> gone = abandoned.stream().map(Shard::getId).toList();
    Tasks.close(turn, lost.stream().filter(t -> gone.contains(t.getShardId())).toList());
    abandoned.forEach(shard -> TableDrop.dropShard(turn, table.getTableId(), shard, null));
    shards.stream()
        .filter(s -> s.getId() >= topology.getNextShardId())
        .forEach(shard -> create(turn, table, shard));
  }

  /** A node without any shard of the same rows; the nodes come in turn. */
  private static Optional<String> another(
      List<Shard> shards, Shard lost, List<String> nodes, int turn) {
    Set<String> taken =
        shards.stream()
            .filter(s -> Tables.haveTheSame(s, lost))
            .map(Shard::getNodeId)
            .collect(Collectors.toSet());
    return IntStream.range(0, nodes.size())
        .mapToObj(i -> nodes.get((turn + i) % nodes.size()))
        .filter(n -> !taken.contains(n))
        .findFirst();
  }

  private static int indexOf(List<Shard> shards, int shardId) {
    for (int i = 0; i < shards.size(); i++) {
      if (shards.get(i).getId() == shardId) {
        return i;
      }
    }
    throw new IllegalStateException("No shard " + shardId);
  }

  /** Rejects the command and takes back what was made of the table. */
  private static void giveUp(Turn turn, Table table, DdlCommand command, OpenTask failed) {
    Tasks.close(turn, turn.state().tasks(table.getTableId(), TaskKind.CREATE_LOG));
    Tasks.close(turn, turn.state().tasks(table.getTableId(), TaskKind.CREATE_SHARD));
    TableDrop.begin(turn, table);
    Outcomes.rejected(
        turn,
        command,
        new ShardstreamException(
            ErrorCode.TASK_FAILED,
            failed.getTaskId(),
            failed.getAttempt(),
            failed.getErrorMessage() == null ? "no reason given" : failed.getErrorMessage()));
  }
}
