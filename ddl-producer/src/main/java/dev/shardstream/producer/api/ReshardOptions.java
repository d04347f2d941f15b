package dev.shardstream.producer.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a reshard is to run.
 *
 * <pre>{@code
 * shardstream.reshards().start("orders", 8,
 *     ReshardOptions.CONFIGURED.withRowsPerSecond(20_000).withManualCutover());
 * }</pre>
 *
 * @param rowsPerSecond most rows that all its targets together copy in a second, 0 for as fast as
 *     it goes; null as the control plane is configured
 * @param grace how long the sources are kept after the switch; null as the control plane is
 *     configured
 * @param manualCutover whether it waits to be told to switch when both sides were found equal
 * @param repair whether virtual shards that a verify finds different are copied again, in place of
 *     a failure; a whole verify follows
 */
public record ReshardOptions(
    @Nullable Long rowsPerSecond, @Nullable Duration grace, boolean manualCutover, boolean repair) {
  /** As the control plane is configured. */
  public static final ReshardOptions CONFIGURED = new ReshardOptions(null, null, false, false);

  /** These with a limit of rows per second, 0 for none. */
  public ReshardOptions withRowsPerSecond(long limit) {
    return new ReshardOptions(limit, grace, manualCutover, repair);
  }

  /** These with a grace period. */
  public ReshardOptions withGrace(Duration period) {
    return new ReshardOptions(rowsPerSecond, period, manualCutover, repair);
  }

  /** These with a switch by hand. */
  public ReshardOptions withManualCutover() {
    return new ReshardOptions(rowsPerSecond, grace, true, repair);
  }

  /** These with repair in place of failure. */
  public ReshardOptions withRepair() {
    return new ReshardOptions(rowsPerSecond, grace, manualCutover, true);
  }

  /** As a command says it: null for as configured. */
  dev.shardstream.schemas.event.@Nullable ReshardOptions ofCommand() {
    return equals(CONFIGURED)
        ? null
        : new dev.shardstream.schemas.event.ReshardOptions(
            rowsPerSecond, grace == null ? null : (Long) grace.toMillis(), manualCutover, repair);
  }
}
