package dev.shardstream.streams.http;

import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.streams.live.EventHub;
import dev.shardstream.streams.live.LiveEvent;
import io.javalin.http.sse.SseClient;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to those who watch: a thread for each, which the hub's limit bounds. A client that
 * does not read is closed, and begins again where it was.
 */
final class EventStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  /** A comment after so long without an event keeps proxies and clients from giving up. */
  private static final long QUIET_SECONDS = 10;

  private final EventHub hub;
  private final Duration stopLimit;
  private final ExecutorService senders =
      Executors.newCachedThreadPool(DaemonThreads.named("events"));

  /** Requests that the server has not answered to the end. */
  private int unanswered;

  /**
   * @param stopLimit how long {@link #close} waits for streams
   */
  EventStream(EventHub hub, Duration stopLimit) {
    this.hub = hub;
    this.stopLimit = stopLimit;
  }

  void open(SseClient client) {
    follow(client.ctx().req().getAsyncContext());
    String lastId = client.ctx().header("Last-Event-ID");
    EventHub.Watcher watcher = hub.watch(lastId);
    client.keepAlive();
    client.onClose(watcher::close);
    try {
      senders.execute(() -> send(client, watcher));
    } catch (RejectedExecutionException stopping) {
      client.close();
    }
  }

  private synchronized void follow(AsyncContext request) {
    request.addListener(new Following());
    unanswered++;
  }

  /** The server says so when it has sent the last byte, or cannot send it. */
  private final class Following implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      synchronized (EventStream.this) {
        unanswered--;
        EventStream.this.notifyAll();
      }
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }

  private static void send(SseClient client, EventHub.Watcher watcher) {
    try (watcher) {
      while (!client.terminated() && !watcher.isOverrun()) {
        Optional<LiveEvent> event =
            Optional.ofNullable(watcher.next(QUIET_SECONDS, TimeUnit.SECONDS));
        if (event.isEmpty()) {
          client.sendComment("still here");
        } else if (event.get().id() == null) {
          client.sendEvent(event.get().type(), event.get().json());
        } else {
          client.sendEvent(event.get().type(), event.get().json(), event.get().id());
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      client.close();
    }
  }

  /**
   * Ends every stream and waits until it is ended; to be called while the server still runs.
   * Javalin answers a failure by a handler, and a failure of that by a handler again: without end
   * where the stopped server has taken the request back. And what a sender has closed is ended by
   * the server's threads, which may come to it later.
   */
  @Override
  public void close() {
    long deadline = System.nanoTime() + stopLimit.toNanos();
    senders.shutdownNow();
    try {
      boolean ended = senders.awaitTermination(stopLimit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended || !awaitAnswered(deadline)) {
        LOG.warn("events.not_ended afterMillis={}", stopLimit.toMillis());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean awaitAnswered(long deadline) throws InterruptedException {
    for (long left = deadline - System.nanoTime();
        unanswered > 0 && left > 0;
        left = deadline - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return unanswered == 0;
  }
}
