package dev.shardstream.streams.live;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.http.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to those who watch, each through a queue of its own. Some past events are kept, so
 * that a watcher who was away for a moment goes on where it was. Safe for use by several threads;
 * publishing never waits for anybody.
 */
public final class EventHub {
  private final String incarnation;
  private final int kept;
  private final int mostWatchers;
  private final Deque<LiveEvent> past = new ArrayDeque<>();
  private final Set<Watcher> watchers = new LinkedHashSet<>();
  private long published;

  /**
   * @param incarnation part of every id: an id of another process or an earlier start is no place
   *     to go on from
   * @param kept how many past events are kept, and how many a watcher may be behind
   */
  public EventHub(String incarnation, int kept, int mostWatchers) {
    this.incarnation = incarnation;
    this.kept = kept;
    this.mostWatchers = mostWatchers;
  }

  /** Whether anybody would get an event. */
  public synchronized boolean isWatched() {
    return !watchers.isEmpty();
  }

  /** Publishes an event that a watcher who was away gets later. */
  public synchronized void publish(String type, Object body) {
    published++;
    LiveEvent event = new LiveEvent(lastId(), type, Json.write(body));
    if (past.size() == kept) {
      past.removeFirst();
    }
    past.addLast(event);
    List.copyOf(watchers).forEach(watcher -> watcher.offer(event));
  }

  /** Publishes an event that only those get who watch at this moment: another follows soon. */
  public synchronized void tell(String type, Object body) {
    LiveEvent event = new LiveEvent(null, type, Json.write(body));
    List.copyOf(watchers).forEach(watcher -> watcher.offer(event));
  }

  /** Something may have been missed: nobody goes on from before. */
  public synchronized void reset() {
    past.clear();
    publish(LiveEvent.RESET, Map.of());
  }

  /**
   * Begins to watch. The first event is {@link LiveEvent#RESET} unless the watcher can go on where
   * it was.
   *
   * @param lastId id of the last event that the watcher has seen; null for none
   * @throws ShardstreamException TOO_MANY_AT_ONCE
   */
  public synchronized Watcher watch(@Nullable String lastId) {
    if (watchers.size() >= mostWatchers) {
      throw new ShardstreamException(
          ErrorCode.TOO_MANY_AT_ONCE, "watchers of events", mostWatchers);
    }
    Watcher watcher = new Watcher(since(lastId));
    watchers.add(watcher);
    return watcher;
  }

  private List<LiveEvent> since(@Nullable String lastId) {
    if (lastId().equals(lastId)) {
      return List.of();
    }
    List<LiveEvent> missed = new ArrayList<>();
    boolean found = false;
    for (LiveEvent event : past) {
      if (found) {
        missed.add(event);
      }
      found |= event.id() != null && event.id().equals(lastId);
    }
    return found ? missed : List.of(new LiveEvent(lastId(), LiveEvent.RESET, "{}"));
  }

  private String lastId() {
    return incarnation + "-" + published;
  }

  /** One who watches: to be closed. */
  public final class Watcher implements AutoCloseable {
    private final Deque<LiveEvent> queue;
    private boolean overrun;

    private Watcher(List<LiveEvent> first) {
      queue = new ArrayDeque<>(first);
    }

    private synchronized void offer(LiveEvent event) {
      if (event.id() == null) {
        queue.removeIf(e -> e.id() == null && e.type().equals(event.type()));
      }
      if (queue.size() >= kept) {
        overrun = true;
      } else {
        queue.addLast(event);
      }
      notifyAll();
    }

    /**
     * The next event; null when none has come in that time.
     *
     * @throws InterruptedException when the thread is to end
     */
    public synchronized @Nullable LiveEvent next(long timeout, TimeUnit unit)
        throws InterruptedException {
      long deadline = System.nanoTime() + unit.toNanos(timeout);
      while (queue.isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return null;
        }
        wait(left);
      }
      return queue.pollFirst();
    }

    /** Whether it has missed events because it was too slow: it must begin anew. */
    public synchronized boolean isOverrun() {
      return overrun;
    }

    @Override
    public void close() {
      synchronized (EventHub.this) {
        watchers.remove(this);
      }
    }
  }
}
