package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.Throttle;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.ShardReports.Behind;
import dev.shardstream.streams.state.Turn;
import dev.shardstream.streams.task.Tasks;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps the copies of a reshard at the pace that they ought to have. */
final class Pacing {
  private Pacing() {}

  /** Looks at what bounds the pace, tells the copies, and gives back the reshard as it is then. */
  static Reshard adjust(Turn turn, Reshard reshard) {
    if (reshard.getStatus() == ReshardStatus.SWITCHING) {
      return reshard;
    }
    boolean backsOff = backsOff(turn, reshard);
    boolean isOver = isOver(turn, reshard.getThrottle());
    Reshard now = reshard;
    if (backsOff != reshard.getBackingOff() || isOver) {
      now =
          Reshard.newBuilder(reshard)
              .setBackingOff(backsOff)
              .setThrottle(isOver ? null : reshard.getThrottle())
              .setUpdatedAt(turn.now())
              .build();
      turn.emit(new Decision.ReshardStored(now));
    }
    Tasks.adjustPace(turn, now);
    return now;
  }

  private static boolean isOver(Turn turn, @Nullable Throttle throttle) {
    return throttle != null && throttle.getUntil() != null && turn.now() >= throttle.getUntil();
  }

  /** Begins above the bound and ends below half of it, so that it does not flutter. */
  private static boolean backsOff(Turn turn, Reshard reshard) {
    long bound = turn.limits().backoffLag();
    if (bound == 0 || reshard.getStatus() != ReshardStatus.COPYING) {
      return false;
    }
    return hasLag(turn, reshard, reshard.getBackingOff() ? bound / 2 : bound + 1);
  }

  /**
   * Whether a shard that readers may ask is so far behind: one of the table, or any on a node that
   * takes part. What is being made does not count: it is behind because it is being made.
   */
  private static boolean hasLag(Turn turn, Reshard reshard, long least) {
    Topology topology = turn.state().topology(reshard.getTableId()).orElseThrow();
    Stream<String> nodes =
        topology.getShards().stream()
            .filter(
                s ->
                    s.getStatus() == ShardStatus.ACTIVE
                        || reshard.getTargetShards().contains(s.getId()))
            .map(Shard::getNodeId)
            .distinct();
    return nodes
        .filter(node -> turn.cluster().isCurrent(node, turn.limits()))
        .anyMatch(
            node ->
                turn.cluster().behind(node).stream()
                    .takeWhile(shard -> shard.lag() >= least)
                    .anyMatch(shard -> isRead(turn, shard)));
  }

  /** Of a table of another database it is not known; it counts. */
  private static boolean isRead(Turn turn, Behind behind) {
    Optional<Topology> topology = turn.state().topology(behind.tableId());
    return topology.isEmpty()
        || topology
            .flatMap(t -> Tables.shard(t, behind.shardId()))
            .filter(s -> s.getStatus() == ShardStatus.ACTIVE)
            .isPresent();
  }
}
