package dev.shardstream.schemas.threads;

import java.util.concurrent.ThreadFactory;

/** Threads of a pool that a process does not wait for when it ends, under the pool's name. */
public final class DaemonThreads implements ThreadFactory {
  private final String name;

  private DaemonThreads(String name) {
    this.name = name;
  }

  /**
   * @param name of all of them: what a thread dump shows
   */
  public static DaemonThreads named(String name) {
    return new DaemonThreads(name);
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
