package dev.shardstream.schemas.serving;

import dev.shardstream.schemas.metrics.Metric;
import io.javalin.config.Key;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts by their code the requests that a server has not answered as asked. Safe for use by
 * several threads.
 */
public final class Refusals {
  /** Where a server keeps its own. */
  static final Key<Refusals> KEY = new Key<>("refusals");

  private final Metric metric;
  private final MeterRegistry registry;

  /**
   * @param metric a counter whose only label is the code
   */
  public Refusals(Metric metric, MeterRegistry registry) {
    this.metric = metric;
    this.registry = registry;
  }

  /** Counts one; codes are names of ErrorCode, so there are few. */
  void count(String code) {
    metric.counter(registry, code).increment();
  }
}
