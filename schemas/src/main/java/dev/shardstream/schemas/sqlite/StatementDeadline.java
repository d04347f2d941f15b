package dev.shardstream.schemas.sqlite;

import dev.shardstream.schemas.threads.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts whatever a connection runs when the time is over, and never what it runs after {@link
 * #close()}. It does so again and again: an interrupt that comes while nothing runs is lost, and
 * what begins a moment later would have no limit (https://sqlite.org/c3ref/interrupt.html).
 */
public final class StatementDeadline implements AutoCloseable {
  private static final long AGAIN_MILLIS = 50;
  private static final int IDLE_SECONDS = 10;

  /** One for the process: an interrupt takes no time. */
  private static final ScheduledExecutorService ALARMS = alarms();

  private final Duration limit;
  private final Runnable interrupt;
  private final long begun = System.nanoTime();
  private final ScheduledFuture<?> alarm;
  private boolean over;
  private boolean interrupted;

  /**
   * @param limit time from now on
   * @param interrupt lets fail what the connection runs at the moment; without effect when that is
   *     nothing; must not throw
   */
  public StatementDeadline(Duration limit, Runnable interrupt) {
    this.limit = limit;
    this.interrupt = interrupt;
    this.alarm =
        ALARMS.scheduleWithFixedDelay(
            this::fire, limit.toMillis(), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static ScheduledExecutorService alarms() {
    ScheduledThreadPoolExecutor alarms =
        new ScheduledThreadPoolExecutor(1, DaemonThreads.named("statement-deadline"));
    // Nearly every alarm is called off long before its time.
    alarms.setRemoveOnCancelPolicy(true);
    alarms.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    alarms.allowCoreThreadTimeOut(true);
    return alarms;
  }

  private synchronized void fire() {
    if (!over) {
      interrupted = true;
      interrupt.run();
    }
  }

  /** Whether the time is over; always true once anything was interrupted. */
  public synchronized boolean hasPassed() {
    return interrupted || Duration.ofNanos(System.nanoTime() - begun).compareTo(limit) >= 0;
  }

  @Override
  public void close() {
    synchronized (this) {
      over = true;
    }
    alarm.cancel(false);
  }
}
