package dev.shardstream.worker.http;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Interrupts whatever a connection runs when the time is over, and never what it runs after {@link
 * #close()} (https://sqlite.org/c3ref/interrupt.html).
 */
final class StatementDeadline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatementDeadline.class);

  private final SQLiteConnection connection;
  private final ScheduledFuture<?> alarm;
  private boolean over;
  private boolean passed;

  StatementDeadline(Connection connection, Duration limit, ScheduledExecutorService alarms) {
    this.connection = (SQLiteConnection) connection;
    this.alarm = alarms.schedule(this::fire, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void fire() {
    if (over) {
      return;
    }
    passed = true;
    try {
      connection.getDatabase().interrupt();
    } catch (SQLException closed) {
      LOG.debug("query.interrupt.failed", closed);
    }
  }

  synchronized boolean hasPassed() {
    return passed;
  }

  @Override
  public void close() {
    synchronized (this) {
      over = true;
    }
    alarm.cancel(false);
  }
}
