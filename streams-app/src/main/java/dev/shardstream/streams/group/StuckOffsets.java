package dev.shardstream.streams.group;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells offsets that stay pending from those that are so for a moment. Used by one thread. */
final class StuckOffsets {
  private final Duration patience;
  private final LongSupplier nanos;
  private GroupOffsets.@Nullable Committed seen;
  private long since;

  /**
   * @param patience longer than any transaction can last
   */
  StuckOffsets(Duration patience, LongSupplier nanos) {
    this.patience = patience;
    this.nanos = nanos;
  }

  /** Whether the same offsets have been pending, with nothing committed, for all the patience. */
  boolean are(GroupOffsets.Committed now) {
    if (now.pending().isEmpty() || !now.equals(seen)) {
      seen = now;
      since = nanos.getAsLong();
      return false;
    }
    return nanos.getAsLong() - since >= patience.toNanos();
  }

  /** Gives them all the patience again. */
  void freed() {
    seen = null;
  }
}
