package dev.shardstream.worker.shard;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A bounded number of read-only connections to one shard file, kept for the next reader. */
public final class ReaderPool implements AutoCloseable {
  private final ShardFile file;
  private final Semaphore permits;
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /**
   * @param size readers at the same time
   */
  public ReaderPool(ShardFile file, int size) {
    this.file = file;
    this.permits = new Semaphore(size, true);
  }

  /** What is done with a connection; it leaves no transaction, view or pragma behind. */
  @FunctionalInterface
  public interface Reading<T> {
    T run(Connection reader) throws SQLException;
  }

  /**
   * Lends a connection for the time of the reading. One that fails is not used again.
   *
   * @param wait how long to wait while all are in use
   * @throws ShardstreamException STATEMENT_TIMEOUT when none gets free, STALE_TOPOLOGY when the
   *     shard is closed
   */
  public <T> T read(Duration wait, Reading<T> reading) throws SQLException {
    acquire(wait);
    try {
      Connection reader = idle.pollFirst();
      if (reader == null) {
        requireOpen();
        reader = file.openGuestReader();
      }
      return lend(reader, reading);
    } catch (SQLException | RuntimeException failure) {
      file.noticed(failure);
      throw failure;
    } finally {
      permits.release();
    }
  }

  private <T> T lend(Connection reader, Reading<T> reading) throws SQLException {
    boolean reusable = false;
    try {
      T result = reading.run(reader);
      reusable = true;
      return result;
    } finally {
      if (reusable && !closed) {
        idle.addFirst(reader);
        if (closed) {
          closeIdle();
        }
      } else {
        reader.close();
      }
    }
  }

  private void acquire(Duration wait) {
    try {
      if (permits.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new ShardstreamException(ErrorCode.STATEMENT_TIMEOUT, wait.toMillis());
  }

  private void requireOpen() {
    if (closed) {
      throw new ShardstreamException(ErrorCode.STALE_TOPOLOGY, file.ref());
    }
  }

  /** Closes the idle connections at once and the others when they come back. */
  @Override
  public void close() throws SQLException {
    closed = true;
    closeIdle();
  }

  private void closeIdle() throws SQLException {
    for (Connection reader = idle.pollFirst(); reader != null; reader = idle.pollFirst()) {
      reader.close();
    }
  }
}
