package dev.shardstream.producer.api;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What has to be closed in the end, the last first: everything, whatever fails meanwhile. */
final class Closers implements AutoCloseable {
  private final Deque<Runnable> closers = new ArrayDeque<>();

  void push(Runnable closer) {
    closers.push(closer);
  }

  /** Closes everything because of a failure, which gets what fails now as suppressed. */
  void closeAfter(RuntimeException failure) {
    closeAll(failure);
  }

  /** Throws what failed first, with what failed later as suppressed. */
  @Override
  public void close() {
    RuntimeException failure = closeAll(null);
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable RuntimeException closeAll(@Nullable RuntimeException before) {
    RuntimeException first = before;
    while (!closers.isEmpty()) {
      try {
        closers.pop().run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    return first;
  }
}
