package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardState;
import dev.shardstream.streams.state.ShardReports;
import dev.shardstream.streams.state.Turn;

/** How far targets are from the end of the log, by what their nodes say. */
final class Lag {
  static final long UNKNOWN = ShardReports.UNKNOWN_LAG;

  private Lag() {}

  /** Whether every target applies the log on a live node and is close enough to its end. */
  static boolean isWithinBound(Turn turn, Reshard reshard, Members members) {
    return members.targets().stream()
        .allMatch(
            target -> {
              long lag = of(turn, reshard.getTableId(), target);
              return turn.cluster().isCurrent(target.getNodeId(), turn.limits())
                  && lag != UNKNOWN
                  && lag <= turn.limits().lagBound();
            });
  }

  /** Offsets to the end over all partitions, {@link #UNKNOWN} before every end is known. */
  static long of(Turn turn, String tableId, Shard target) {
    return turn.cluster()
        .report(target.getNodeId(), tableId, target.getId())
        .filter(r -> r.getState() == ShardState.APPLYING)
        .map(ShardReports::lag)
        .orElse(UNKNOWN);
  }
}
