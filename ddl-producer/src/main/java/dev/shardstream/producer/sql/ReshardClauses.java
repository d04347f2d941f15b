package dev.shardstream.producer.sql;

import org.jspecify.annotations.Nullable;

/**
 * What stands behind PRAGMA reshardTable(…); nothing is checked yet.
 *
 * @param rowsPerSecond most rows to copy in a second, 0 for no limit; null if not written
 * @param graceSeconds how long the sources stay after the switch; null if not written
 * @param manualCutover CUTOVER = 'manual': it waits to be told to switch
 * @param repair ON MISMATCH REPAIR: what a verify finds different is copied again
 */
public record ReshardClauses(
    @Nullable Long rowsPerSecond,
    @Nullable Long graceSeconds,
    boolean manualCutover,
    boolean repair) {
  /** Nothing was written: as the control plane is configured. */
  public static final ReshardClauses NONE = new ReshardClauses(null, null, false, false);
}
