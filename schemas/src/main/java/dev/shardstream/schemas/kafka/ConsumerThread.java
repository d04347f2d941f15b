package dev.shardstream.schemas.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that owns a consumer. When its work fails, the failure is logged and, after a pause, the
 * work begins anew with another consumer; it ends only by {@link #close()}.
 */
public final class ConsumerThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConsumerThread.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** What the thread does with its consumer, over and over until {@link #isStopping()}. */
  public interface Work {
    void follow(Consumer<byte[], byte[]> consumer);
  }

  private final String name;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Duration stopLimit;
  private final Work work;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * @param name of the thread, and the first word of what it logs
   * @param consumers makes a consumer; it is closed by this thread
   * @param stopLimit how long {@link #close()} waits for the work in hand
   */
  public ConsumerThread(
      String name, Supplier<Consumer<byte[], byte[]>> consumers, Duration stopLimit, Work work) {
    this.name = name;
    this.consumers = consumers;
    this.stopLimit = stopLimit;
    this.work = work;
    this.thread = new Thread(this::run, name);
  }

  public void start() {
    thread.start();
  }

  /** Whether it was asked to end. */
  public boolean isStopping() {
    return stop.getCount() == 0;
  }

  private void run() {
    while (!isStopping()) {
      try (Consumer<byte[], byte[]> opened = consumers.get()) {
        consumer = opened;
        work.follow(opened);
      } catch (WakeupException stopRequested) {
        LOG.debug("{}.woken", name);
      } catch (RuntimeException failure) {
        LOG.warn("{}.waiting retry_ms={}", name, PAUSE.toMillis(), failure);
        pause();
      } finally {
        consumer = null;
      }
    }
  }

  /** Waits a second, or until it is asked to end. */
  public void pause() {
    try {
      stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.countDown();
    }
  }

  /** Asks the thread to end, wakes its consumer, and waits for the work in hand. */
  @Override
  public void close() {
    stop.countDown();
    Consumer<byte[], byte[]> polling = consumer;
    if (polling != null) {
      polling.wakeup();
    }
    try {
      thread.join(stopLimit.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
