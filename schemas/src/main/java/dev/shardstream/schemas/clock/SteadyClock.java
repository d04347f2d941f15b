package dev.shardstream.schemas.clock;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * A clock that nobody can set: it takes the time of day once and counts on from there by the time
 * that passes. Whoever tells by it how long something lasted is not misled when the machine's clock
 * jumps; what it calls now is then as wrong as the machine's clock was when the process began.
 */
public final class SteadyClock extends Clock {
  private static final SteadyClock OF_THIS_PROCESS =
      new SteadyClock(Clock.systemUTC(), System::nanoTime);

  private final Instant begin;
  private final long beginNanos;
  private final LongSupplier nanoTime;

  /**
   * @param wall asked once
   * @param nanoTime counts the nanoseconds that pass, from anywhere
   */
  SteadyClock(Clock wall, LongSupplier nanoTime) {
    this.begin = wall.instant();
    this.beginNanos = nanoTime.getAsLong();
    this.nanoTime = nanoTime;
  }

  /** The one of this process. */
  public static SteadyClock ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  @Override
  public Instant instant() {
    return begin.plusNanos(nanoTime.getAsLong() - beginNanos);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /**
   * @throws UnsupportedOperationException always: it tells moments only
   */
  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("a steady clock has no other zone than UTC");
  }
}
