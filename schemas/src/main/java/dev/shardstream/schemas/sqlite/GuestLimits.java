package dev.shardstream.schemas.sqlite;

/** What a connection is bounded to that runs statements of others. */
public final class GuestLimits {
  /** Most bytes of a value, and of a row, unless a worker is told otherwise. */
  public static final int VALUE_BYTES = 16 * 1024 * 1024;

  /**
   * Longest pattern of LIKE and GLOB: nothing interrupts one match, and it takes as long as text
   * times pattern.
   */
  public static final int LIKE_BYTES = 1_000;

  private GuestLimits() {}
}
