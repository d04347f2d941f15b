package dev.shardstream.streams.task;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Index;
import dev.shardstream.schemas.event.IndexStatus;
import dev.shardstream.schemas.event.SchemaReached;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardReport;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.TaskEvent;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.record.ShardVersion;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How far shards have followed the catalog. They tell it when they have moved; a heartbeat says the
 * same, in case that this was lost.
 */
public final class ShardVersions {
  private ShardVersions() {}

  /** Remembers what a shard of a topology tells. Never goes back: a late report is none. */
  static void absorb(Turn turn, TaskEvent event, SchemaReached reached) {
    String tableId = event.getTableId();
    boolean isItsShard =
        turn.state()
            .topology(tableId)
            .flatMap(t -> Tables.shard(t, reached.getShardId()))
            .filter(s -> s.getNodeId().equals(event.getReportedBy()))
            .isPresent();
    ShardVersion told =
        new ShardVersion(
            tableId, reached.getShardId(), reached.getSchemaVersion(), reached.getIndexes());
    Optional<ShardVersion> known = turn.state().shardVersion(tableId, reached.getShardId());
    boolean isNews =
        known
            .filter(k -> k.equals(told) || k.getSchemaVersion() > told.getSchemaVersion())
            .isEmpty();
    if (isItsShard && isNews) {
      turn.emit(new Decision.ShardVersionStored(told));
    }
  }

  /** Forgets a shard that is gone. */
  static void forget(Turn turn, String tableId, int shardId) {
    if (turn.state().shardVersion(tableId, shardId).isPresent()) {
      turn.emit(new Decision.ShardVersionGone(tableId, shardId));
    }
  }

  /**
   * Whether every shard of a table, whatever its status, has reached a version; replicas on lost
   * nodes follow when they are back.
   */
  public static boolean haveAllReached(Turn turn, String tableId, int schemaVersion) {
    return shards(turn, tableId).stream()
        .allMatch(shard -> hasReached(turn, tableId, shard, schemaVersion));
  }

  /** Whether every shard of a table, whatever its status, has an index. */
  public static boolean haveAll(Turn turn, String tableId, int indexId) {
    return shards(turn, tableId).stream()
        .allMatch(shard -> indexes(turn, tableId, shard).contains(indexId));
  }

  /** Whether no shard of a table has an index any more. A shard that tells nothing may have it. */
  public static boolean haveNone(Turn turn, String tableId, int indexId) {
    return shards(turn, tableId).stream()
        .allMatch(
            shard -> {
              Optional<ShardVersion> told = turn.state().shardVersion(tableId, shard.getId());
              Optional<ShardReport> report = report(turn, tableId, shard);
              return told.filter(v -> !v.getIndexes().contains(indexId)).isPresent()
                  || report.filter(r -> !r.getIndexes().contains(indexId)).isPresent();
            });
  }

  /** Whether a shard is at the catalog's version of its table and has all of its indexes. */
  public static boolean isCurrent(Turn turn, Table table, Shard shard) {
    String tableId = table.getTableId();
    List<Integer> wanted =
        table.getIndexes().stream()
            .filter(i -> i.getStatus() != IndexStatus.FAILED)
            .map(Index::getId)
            .toList();
    return hasReached(turn, tableId, shard, table.getSchemaVersion())
        && indexes(turn, tableId, shard).containsAll(wanted);
  }

  private static List<Shard> shards(Turn turn, String tableId) {
    return turn.state().topology(tableId).map(Topology::getShards).orElse(List.of()).stream()
        .filter(s -> s.getRole() == ShardRole.OWNER || !isOnLostNode(turn, s))
        .toList();
  }

  private static boolean isOnLostNode(Turn turn, Shard shard) {
    return turn.cluster().isLost(shard.getNodeId(), turn.limits());
  }

  private static boolean hasReached(Turn turn, String tableId, Shard shard, int schemaVersion) {
    return turn.state()
            .shardVersion(tableId, shard.getId())
            .filter(v -> v.getSchemaVersion() >= schemaVersion)
            .isPresent()
        || report(turn, tableId, shard)
            .filter(r -> r.getSchemaVersion() >= schemaVersion)
            .isPresent();
  }

  private static Set<Integer> indexes(Turn turn, String tableId, Shard shard) {
    Set<Integer> indexes = new HashSet<>();
    turn.state()
        .shardVersion(tableId, shard.getId())
        .ifPresent(v -> indexes.addAll(v.getIndexes()));
    report(turn, tableId, shard).ifPresent(r -> indexes.addAll(r.getIndexes()));
    return indexes;
  }

  private static Optional<ShardReport> report(Turn turn, String tableId, Shard shard) {
    return turn.cluster().report(shard.getNodeId(), tableId, shard.getId());
  }
}
