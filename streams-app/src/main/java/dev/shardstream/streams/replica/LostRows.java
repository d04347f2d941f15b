package dev.shardstream.streams.replica;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TableStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import dev.shardstream.streams.task.Tasks;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Active shards that their nodes do not have any more, because a disk is gone. The node makes them
 * anew from their log, and serves them when it has caught up.
 */
public final class LostRows {
  private LostRows() {}

  /** Whether a shard that is read is missing on its live node, or its node is gone for good. */
  public static boolean areThere(DatabaseState state, Cluster cluster, Limits limits) {
    return state.nodesWithActiveShards().stream()
        .anyMatch(node -> !tables(state, cluster, limits, node).isEmpty());
  }

  /** Ids of the tables to look after: shards are missing, or were and are being made anew. */
  static NavigableSet<String> tables(Turn turn) {
    NavigableSet<String> tables = new TreeSet<>();
    for (String node : turn.state().nodesWithActiveShards()) {
      tables.addAll(tables(turn.state(), turn.cluster(), turn.limits(), node));
    }
    turn.state().tasks().stream()
        .filter(LostRows::isOwnTask)
        .forEach(task -> tables.add(task.getTableId()));
    return tables;
  }

  private static NavigableSet<String> tables(
      DatabaseState state, Cluster cluster, Limits limits, String node) {
    if (isGoneForGood(cluster, limits, node)) {
      return state.activeTables(node);
    }
    Cluster.Seen seen = cluster.nodes().get(node);
    return seen != null && cluster.isSettled(node, limits)
        ? state.missingTables(node, seen.reports())
        : Collections.emptyNavigableSet();
  }

  /** Whether a node was silent for so long that nobody waits for it any more. */
  static boolean isGoneForGood(Cluster cluster, Limits limits, String node) {
    return cluster.isLost(node, limits) && cluster.silentMillis(node) >= limits.shardRebuild();
  }

  /**
   * One that waits for copies has lost its rows as well: only a shard that nobody reads yet does
   * that, and nobody will bring them again.
   */
  private static boolean isMissing(Cluster cluster, Limits limits, String tableId, Shard shard) {
    return cluster.isSettled(shard.getNodeId(), limits)
        && cluster
            .report(shard.getNodeId(), tableId, shard.getId())
            .filter(report -> report.getState() != ShardState.COPYING)
            .isEmpty();
  }

  /** Whether a live node does not have a shard that it must have had for a while. */
  static boolean areMissing(Turn turn, Topology topology, Shard shard) {
    String tableId = topology.getTableId();
    long heardAt = turn.now() - turn.cluster().silentMillis(shard.getNodeId());
    return isMissing(turn.cluster(), turn.limits(), tableId, shard)
        && heardAt - activeSince(turn, tableId) >= turn.limits().taskTimeout();
  }

  /** What is read since then may not be in a heartbeat from before. */
  private static long activeSince(Turn turn, String tableId) {
    long created = turn.state().table(tableId).map(Table::getCreatedAt).orElse(0L);
    return Stream.concat(
            turn.state().endedReshards(tableId).stream(),
            turn.state().reshards().stream().filter(r -> r.getTableId().equals(tableId)))
        .flatMap(LostRows::handedOver)
        .reduce(created, Math::max);
  }

  private static Stream<Long> handedOver(Reshard reshard) {
    return Stream.of(
            Optional.ofNullable(reshard.getSwitchedAt()),
            Optional.ofNullable(reshard.getRolledBackAt()))
        .flatMap(Optional::stream);
  }

  /** Whether a live node says of a shard that it does not serve it. */
  static boolean isFailed(Turn turn, Topology topology, Shard shard) {
    return turn.cluster().isCurrent(shard.getNodeId(), turn.limits())
        && turn.cluster()
            .report(shard.getNodeId(), topology.getTableId(), shard.getId())
            .map(ShardReport::getState)
            .filter(state -> state == ShardState.FAILED)
            .isPresent();
  }

  /** Has nodes make anew what they have lost. */
  static void makeAnew(Turn turn, Topology topology) {
    for (Shard shard : topology.getShards()) {
      if (shard.getStatus() == ShardStatus.ACTIVE) {
        look(turn, topology, shard);
      }
    }
  }

  /** Its task is kept until a heartbeat names the shard, and given again if none does. */
  private static void look(Turn turn, Topology topology, Shard shard) {
    Optional<OpenTask> task = task(turn, topology, shard);
    boolean isMissing = areMissing(turn, topology, shard);
    if (task.isEmpty()) {
      if (isMissing) {
        ask(turn, topology, shard);
      }
    } else if (Tasks.allOver(List.of(task.get()))) {
      boolean isNamed =
          turn.cluster().report(shard.getNodeId(), topology.getTableId(), shard.getId()).stream()
              .anyMatch(report -> report.getState() != ShardState.COPYING);
      long waited = turn.now() - Math.max(task.get().getHeardAt(), task.get().getIssuedAt());
      if (isNamed) {
        Tasks.close(turn, List.of(task.get()));
      } else if (isMissing && waited >= turn.limits().taskTimeout()) {
        Tasks.close(turn, List.of(task.get()));
        ask(turn, topology, shard);
      }
    }
  }

  private static Optional<OpenTask> task(Turn turn, Topology topology, Shard shard) {
    return turn.state()
        .task(TaskIds.createShard(topology.getTableId(), shard.getId()))
        .filter(LostRows::isOwnTask);
  }

  /** Has the node of a shard make it from its log. */
  static void ask(Turn turn, Topology topology, Shard shard) {
    Tasks.openForShard(
        turn,
        TaskKind.CREATE_SHARD,
        TaskIds.createShard(topology.getTableId(), shard.getId()),
        topology.getTableId(),
        shard,
        null);
  }

  /** Forgets what was asked for shards that are not read any more; before tasks are looked at. */
  public static void forgetStrayTasks(Turn turn) {
    Tasks.close(
        turn,
        turn.state().tasks().stream()
            .filter(LostRows::isOwnTask)
            .filter(task -> isStray(turn.state(), task))
            .toList());
  }

  private static boolean isStray(DatabaseState state, OpenTask task) {
    Optional<TableStatus> status = state.table(task.getTableId()).map(Table::getStatus);
    boolean isOfNewTable = status.filter(s -> s == TableStatus.CREATING).isPresent();
    boolean isRead =
        status.filter(s -> s == TableStatus.ACTIVE).isPresent()
            && state
                .topology(task.getTableId())
                .flatMap(t -> Tables.shard(t, Objects.requireNonNull(task.getShardId())))
                .filter(s -> s.getStatus() == ShardStatus.ACTIVE)
                .isPresent();
    return !isOfNewTable && !isRead;
  }

  /** The shards of a reshard are its own; those of a table that is made are not active yet. */
  private static boolean isOwnTask(OpenTask task) {
    return task.getKind() == TaskKind.CREATE_SHARD && task.getChangeLogId() == null;
  }
}
