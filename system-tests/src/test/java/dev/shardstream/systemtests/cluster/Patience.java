package dev.shardstream.systemtests.cluster;

import java.time.Duration;

/**
 * How long the tests over real processes wait for what must happen at some time. When is another
 * matter: it is measured and printed, and a machine that has much else to do is no error of ours.
 */
public final class Patience {
  /** For one thing: a process that starts, a step, an answer. */
  public static final Duration ONE_STEP = Duration.ofMinutes(5);

  /** For something of many steps, like a demo or a reshard under faults. */
  public static final Duration MANY_STEPS = Duration.ofMinutes(15);

  private Patience() {}
}
