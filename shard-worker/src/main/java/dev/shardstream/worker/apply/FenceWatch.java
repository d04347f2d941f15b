package dev.shardstream.worker.apply;

import dev.shardstream.worker.shard.Positions;
import java.sql.SQLException;
import java.util.Map;

/** Whoever wants to see a shard at a fence. Called by the applier's thread. */
public interface FenceWatch {
  /** Whether someone waits for that fence in this shard. */
  boolean isArmed(String fenceId);

  /**
   * The shard stands at a fence: everything before it is committed and nothing behind it. A
   * snapshot that is opened before this returns sees exactly that.
   *
   * @param fenceId the fence
   * @param offsets by partition whose fence has just been passed, the fence's offset
   * @param positions positions as committed
   */
  void reached(String fenceId, Map<Integer, Long> offsets, Positions positions) throws SQLException;
}
