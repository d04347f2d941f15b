package dev.shardstream.streams.http;

import dev.shardstream.schemas.threads.DaemonThreads;
import dev.shardstream.streams.live.EventHub;
import dev.shardstream.streams.live.LiveEvent;
import io.javalin.http.sse.SseClient;
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

  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final EventHub hub;
  private final ExecutorService senders =
      Executors.newCachedThreadPool(DaemonThreads.named("events"));

  EventStream(EventHub hub) {
    this.hub = hub;
  }

  void open(SseClient client) {
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
   * where the stopped server has taken the request back.
   */
  @Override
  public void close() {
    senders.shutdownNow();
    try {
      if (!senders.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("events.not_ended afterMillis={}", STOP_LIMIT.toMillis());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
