package dev.shardstream.streams.task;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Throttle;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.record.OpenTask;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.TaskStatus;
import dev.shardstream.streams.state.Limits;
import dev.shardstream.streams.state.Turn;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * How fast the copies of a reshard may go.
 *
 * @param paused whether they wait
 * @param rowsPerSecond most rows of all of them together; 0 for no limit
 * @param sharers among how many copies that is divided, at least 1
 */
record CopyPace(boolean paused, long rowsPerSecond, int sharers) {

  /** The pace that a reshard's copies have to have at this moment. */
  static CopyPace of(Turn turn, Reshard reshard) {
    return new CopyPace(
        reshard.getPaused() || reshard.getBackingOff(),
        rowsPerSecond(reshard, turn.now(), turn.limits()),
        (int) Math.max(1, copies(turn, reshard) - done(turn, reshard)));
  }

  private static long rowsPerSecond(Reshard reshard, long now, Limits limits) {
    Throttle throttle = reshard.getThrottle();
    if (throttle != null && (throttle.getUntil() == null || now < throttle.getUntil())) {
      return throttle.getRowsPerSecond();
    }
    Long asked = reshard.getOptions() == null ? null : reshard.getOptions().getRowsPerSecond();
    return asked == null ? limits.copyRowsPerSecond() : asked;
  }

  /** Targets that copy in this round: all at first, those that are repaired afterwards. */
  private static long copies(Turn turn, Reshard reshard) {
    if (reshard.getCopyAgain().isEmpty()) {
      return reshard.getTargetShards().size();
    }
    Topology topology = turn.state().topology(reshard.getTableId()).orElseThrow();
    return reshard.getTargetShards().stream()
        .flatMap(id -> Tables.shard(topology, id).stream())
        .filter(s -> !Collections.disjoint(s.getVirtualShards(), reshard.getCopyAgain()))
        .count();
  }

  private static long done(Turn turn, Reshard reshard) {
    return turn.state().tasks(reshard.getTableId(), TaskKind.COPY_SHARD).stream()
        .filter(t -> reshard.getChangeLogId().equals(t.getChangeLogId()))
        .filter(t -> t.getStatus() == TaskStatus.DONE)
        .count();
  }

  /** The pace that the last attempt of a copy was given. */
  static CopyPace given(OpenTask copy) {
    return new CopyPace(copy.getPaused(), copy.getRowsPerSecond(), copy.getSharers());
  }

  OpenTask.Builder give(OpenTask.Builder copy) {
    return copy.setPaused(paused).setRowsPerSecond(rowsPerSecond).setSharers(sharers);
  }

  /**
   * Whether a copy that has this pace should be told another one. A share that grows a little as
   * other copies end is not worth a task for each of those that are left.
   */
  boolean isOutdatedBy(CopyPace wanted) {
    boolean sharesDiffer = wanted.sharers > sharers || wanted.sharers * 5L <= sharers * 4L;
    return paused != wanted.paused
        || rowsPerSecond != wanted.rowsPerSecond
        || rowsPerSecond != 0 && sharesDiffer;
  }

  /** Rows per second of one copy, null for no limit. */
  @Nullable Long share() {
    return rowsPerSecond == 0 ? null : Math.max(1, rowsPerSecond / sharers);
  }
}
