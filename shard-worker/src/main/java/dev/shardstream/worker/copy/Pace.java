package dev.shardstream.worker.copy;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a copy may go. It can be set anew while the copy runs, which asks before each virtual
 * shard. A virtual shard is copied as a whole, so what was more than the rate allows is owed, and
 * paid by waiting, at whatever the rate is then. Time in which less was copied gives no credit.
 */
public final class Pace {
  private final LongSupplier nanoTime;
  private OptionalLong rowsPerSecond = OptionalLong.empty();
  private boolean paused;
  private boolean stopped;
  private double owedRows;
  private long asOf;

  /** Without a limit, in nanoseconds of {@link System#nanoTime()}. */
  public Pace() {
    this(System::nanoTime);
  }

  Pace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.asOf = nanoTime.getAsLong();
  }

  /**
   * Sets it anew, from now on.
   *
   * @param stand whether nothing more is to be copied
   * @param limit rows per second, at least 1; empty for none
   */
  public synchronized void set(boolean stand, OptionalLong limit) {
    pay();
    paused = stand;
    rowsPerSecond = limit;
    owedRows = limit.isEmpty() ? 0 : owedRows;
  }

  /** Ends the copy before its next virtual shard, for ever. */
  public synchronized void stop() {
    stopped = true;
  }

  public synchronized boolean isStopped() {
    return stopped;
  }

  public synchronized boolean isPaused() {
    return paused;
  }

  /** Upper bound of rows per second; empty for none. */
  public synchronized OptionalLong rowsPerSecond() {
    return rowsPerSecond;
  }

  /**
   * Time until the next virtual shard may be copied, nanoseconds; 0 for at once, empty for not
   * before the pace is set anew.
   */
  public synchronized OptionalLong waitNanos() {
    if (paused || stopped) {
      return OptionalLong.empty();
    }
    pay();
    return OptionalLong.of(nanos(owedRows));
  }

  /** Counts a virtual shard that took so many nanoseconds to copy. */
  synchronized void copied(long rows, long nanos) {
    pay();
    if (rowsPerSecond.isPresent()) {
      owedRows += Math.max(0, rows - rows(nanos));
    }
  }

  private void pay() {
    long now = nanoTime.getAsLong();
    owedRows = Math.max(0, owedRows - rows(now - asOf));
    asOf = now;
  }

  private double rows(long nanos) {
    return (double) nanos / TimeUnit.SECONDS.toNanos(1) * rowsPerSecond.orElse(0);
  }

  private long nanos(double rows) {
    return rowsPerSecond.isEmpty()
        ? 0
        : (long) Math.ceil(rows * TimeUnit.SECONDS.toNanos(1) / rowsPerSecond.getAsLong());
  }
}
