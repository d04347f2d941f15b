package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Hands the results that arrive to those who wait for them. Safe for use by several threads. */
public final class DdlResults implements Consumer<DdlResult> {
  /** A command has a handful of transitions; whoever waits reads them at once. */
  private static final int KEPT = 64;

  private final Map<String, List<Expectation>> waiting = new ConcurrentHashMap<>();

  @Override
  public void accept(DdlResult result) {
    waiting
        .getOrDefault(result.getCommandId(), List.of())
        .forEach(expectation -> expectation.add(result));
  }

  /** Begins to collect a command's results; call it before the command is published. */
  public Expectation expect(String commandId) {
    Expectation expectation = new Expectation(commandId);
    waiting.computeIfAbsent(commandId, id -> new CopyOnWriteArrayList<>()).add(expectation);
    return expectation;
  }

  /** The results of one command, from {@link #expect} until it is closed. */
  public final class Expectation implements AutoCloseable {
    private final String commandId;
    private final Deque<DdlResult> results = new ArrayDeque<>();

    private Expectation(String commandId) {
      this.commandId = commandId;
    }

    private synchronized void add(DdlResult result) {
      if (results.size() == KEPT) {
        results.removeFirst();
      }
      results.addLast(result);
      notifyAll();
    }

    /** The last result so far. */
    public synchronized Optional<DdlResult> last() {
      return Optional.ofNullable(results.peekLast());
    }

    /**
     * Waits until the command has come as far as wanted, or has ended.
     *
     * @param wanted ACCEPTED or APPLIED
     * @return the result with that status, or APPLIED, or REJECTED; empty on timeout
     */
    public synchronized Optional<DdlResult> await(DdlStatus wanted, Duration timeout) {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (true) {
        Optional<DdlResult> found = results.stream().filter(r -> ends(r, wanted)).findFirst();
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (found.isPresent() || left <= 0) {
          return found;
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return Optional.empty();
        }
      }
    }

    private static boolean ends(DdlResult result, DdlStatus wanted) {
      return switch (result.getStatus()) {
        case PENDING -> false;
        case ACCEPTED -> wanted == DdlStatus.ACCEPTED;
        case APPLIED, REJECTED -> true;
      };
    }

    @Override
    public void close() {
      waiting.computeIfPresent(
          commandId,
          (id, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }
}
