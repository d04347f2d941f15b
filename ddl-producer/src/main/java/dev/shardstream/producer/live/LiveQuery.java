package dev.shardstream.producer.live;

import dev.shardstream.schemas.contract.ShardstreamException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A live query that runs until it is closed or ends by itself. Safe for use by several threads. */
public final class LiveQuery implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final String id;
  private final List<String> columns;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closed;
  private boolean isRunning = true;
  private volatile @Nullable ShardstreamException error;

  /**
   * @param run what it does until {@link #isClosed}; what it throws is how it ends
   */
  LiveQuery(String id, List<String> columns, Run run) {
    this.id = id;
    this.columns = List.copyOf(columns);
    this.thread = new Thread(() -> run(run), "shardstream-live-" + id);
    this.thread.setDaemon(true);
  }

  /** The work of a live query. */
  interface Run {
    /**
     * Goes on until the query is closed or cannot go on.
     *
     * @throws ShardstreamException why it cannot
     */
    void run(LiveQuery query);

    /** Comes last; null when the query was closed. */
    void ended(LiveQuery query, @Nullable ShardstreamException error);
  }

  void start() {
    thread.start();
  }

  private void run(Run run) {
    try {
      error = LiveFailures.of(() -> run.run(this), this::isClosed).orElse(null);
      tellWithoutHaste();
      run.ended(this, error);
    } finally {
      ended.countDown();
    }
  }

  /** Who closes it wakes it up; nothing is to be interrupted that comes after. */
  private synchronized void tellWithoutHaste() {
    isRunning = false;
    Thread.interrupted();
  }

  private synchronized void wake() {
    if (isRunning) {
      thread.interrupt();
    }
  }

  /** Its id, as SHOW LIVE QUERIES has it. */
  public String id() {
    return id;
  }

  /** Names of its columns. */
  public List<String> columns() {
    return columns;
  }

  /** Whether it runs. */
  public boolean isActive() {
    return ended.getCount() > 0;
  }

  /** Why it ended by itself; empty while it runs, and when it was closed. */
  public Optional<ShardstreamException> error() {
    return Optional.ofNullable(error);
  }

  /**
   * Waits until it has ended.
   *
   * @return false on timeout
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Ends it; when this returns, its sink gets nothing more, unless the sink itself has taken longer
   * than five seconds.
   */
  @Override
  public void close() {
    closed = true;
    if (Thread.currentThread() == thread) {
      return; // its own sink: it ends when that returns
    }
    wake();
    try {
      thread.join(CLOSE_WAIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
