package dev.shardstream.standalone.cluster;

import dev.shardstream.standalone.process.JavaProcess;
import java.time.Duration;

/** Hears of each step of a start, in order, on the thread that starts. */
public interface StartListener {
  /** Hears nothing. */
  StartListener SILENT = new StartListener() {};

  /** A process was there before and is left as it is. */
  default void found(JavaProcess process) {}

  /** A process is being started. */
  default void starting(JavaProcess process) {}

  /**
   * A process serves.
   *
   * @param took since it was started
   */
  default void ready(JavaProcess process, Duration took) {}
}
