package dev.shardstream.streams.replica;

import dev.shardstream.schemas.event.CreateTable;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.catalog.TableDrop;
import dev.shardstream.streams.state.Cluster;
import dev.shardstream.streams.state.DatabaseState;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.ShardReports;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.TaskIds;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Shards that a node has and that their tables do not have any more, or whose tables are gone,
 * because the node was away when they were dropped. A control plane that reads its commands anew
 * does not know of all shards yet: only an id that was given and is gone is an orphan's.
 */
public final class Orphans {
  private Orphans() {}

  static void drop(Turn turn) {
    find(turn.state(), turn.cluster(), turn.limits())
        .forEach(
            orphan ->
                TableDrop.dropShard(
                    turn,
                    orphan.report().tableId(),
                    new Shard(
                        orphan.report().shardId(),
                        orphan.nodeId(),
                        ShardStatus.TO_BE_DELETED,
                        List.of(),
                        ShardRole.REPLICA,
                        null),
                    null));
  }

  /** Whether a node has a shard that has to be dropped and was not told so. */
  public static boolean areThere(DatabaseState state, Cluster cluster, Limits limits) {
    return find(state, cluster, limits).findAny().isPresent();
  }

  private record Orphan(String nodeId, ShardReports.Key report) {}

  private static Stream<Orphan> find(DatabaseState state, Cluster cluster, Limits limits) {
    return cluster.nodes().values().stream()
        .filter(seen -> cluster.isCurrent(seen.node().getNodeId(), limits))
        .flatMap(
            seen ->
                seen.reports().of(state.database()).stream()
                    .filter(key -> isOrphan(state, key))
                    .map(key -> new Orphan(seen.node().getNodeId(), key)))
        .toList()
        .stream();
  }

  private static boolean isOrphan(DatabaseState state, ShardReports.Key key) {
    boolean isBeingDropped =
        state.task(TaskIds.dropShard(key.tableId(), key.shardId())).isPresent();
    if (isBeingDropped) {
      return false;
    } else if (state.table(key.tableId()).isEmpty()) {
      return number(key.tableId()) <= state.counters().getTables()
          && state.unfinished().stream().noneMatch(c -> c.getOperation() instanceof CreateTable);
    }
    Optional<Topology> topology = state.topology(key.tableId());
    return topology
        .filter(t -> key.shardId() < t.getNextShardId())
        .filter(t -> t.getShards().stream().noneMatch(s -> s.getId() == key.shardId()))
        .isPresent();
  }

  private static long number(String tableId) {
    return Long.parseLong(tableId.substring(tableId.lastIndexOf('-') + 1));
  }
}
