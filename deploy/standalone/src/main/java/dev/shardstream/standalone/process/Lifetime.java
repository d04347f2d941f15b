package dev.shardstream.standalone.process;

/** How long a child process lives. */
public enum Lifetime {
  /** Until it is stopped; it survives the launcher and its terminal. */
  DETACHED,
  /** At most as long as the JVM that started it. */
  WITH_PARENT
}
