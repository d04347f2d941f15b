package dev.shardstream.standalone.cluster;

import dev.shardstream.standalone.process.JavaProcess;

/** Hears of each process that was ended. */
@FunctionalInterface
public interface StopListener {
  /** Hears nothing. */
  StopListener SILENT = (process, pid, ending) -> {};

  /**
   * A process has ended.
   *
   * @param pid that it had
   */
  void stopped(JavaProcess process, long pid, JavaProcess.Ending ending);
}
