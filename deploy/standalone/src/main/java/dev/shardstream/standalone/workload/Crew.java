package dev.shardstream.standalone.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Threads that work until they are stopped, and what went wrong in them. */
final class Crew {
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** Starts a thread; an exception that leaves {@code work} is a failure. */
  void begin(String name, Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (RuntimeException e) {
                failed(name, e);
              }
            },
            name);
    threads.add(thread);
    thread.start();
  }

  boolean isRunning() {
    return running.get();
  }

  void failed(String what, Throwable failure) {
    failures.add(what + ": " + failure);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Asks all to stop and waits for them, two minutes each at most. */
  void stop() {
    running.set(false);
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.MINUTES.toMillis(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failed(thread.getName(), e);
      }
    }
  }
}
