package dev.shardstream.worker.apply;

import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Hands work to the thread that owns a shard file. Bounded. */
public final class OwnerQueue implements AutoCloseable {
  private static final int MOST = 64;

  private final BlockingQueue<Request> requests = new ArrayBlockingQueue<>(MOST);
  private volatile boolean closed;

  /** What the owner is to do, in auto-commit mode. */
  @FunctionalInterface
  public interface Work {
    void run() throws SQLException;
  }

  private record Request(Work work, CompletableFuture<Boolean> done) {}

  /**
   * Completes with true when the work is done, exceptionally when it failed, was refused because
   * too much waits, or when the owner stopped first.
   */
  public CompletableFuture<Boolean> submit(Work work) {
    Request request = new Request(work, new CompletableFuture<>());
    if (closed || !requests.offer(request)) {
      return CompletableFuture.failedFuture(
          new RejectedExecutionException("the owner is " + (closed ? "gone" : "busy")));
    }
    if (closed) {
      close();
    }
    return request.done();
  }

  void runAll() {
    for (Request request = requests.poll(); request != null; request = requests.poll()) {
      try {
        request.work().run();
        request.done().complete(true);
      } catch (SQLException | RuntimeException failure) {
        request.done().completeExceptionally(failure);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Request request = requests.poll(); request != null; request = requests.poll()) {
      request.done().completeExceptionally(new RejectedExecutionException("the owner is gone"));
    }
  }
}
