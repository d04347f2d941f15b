package dev.shardstream.worker.task;

import dev.shardstream.worker.copy.Pace;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;

/** What the copies of a node look like from outside. */
final class CopyMetrics {
  private final MeterRegistry registry;

  /**
   * @param paces those of the copies that the node has taken on
   */
  CopyMetrics(MeterRegistry registry, Supplier<List<Pace>> paces) {
    this.registry = registry;
    Gauge.builder("shardstream_worker_copies", () -> paces.get().size())
        .description("Copies taken on and not ended.")
        .register(registry);
    Gauge.builder(
            "shardstream_worker_copies_paused",
            () -> paces.get().stream().filter(Pace::isPaused).count())
        .description("Of these, those that were told to pause.")
        .register(registry);
    Gauge.builder("shardstream_worker_copy_limit_rows_per_second", () -> limit(paces.get()))
        .description("Upper bound of what they copy together; +Inf when one has none.")
        .register(registry);
  }

  private static double limit(List<Pace> paces) {
    return paces.stream()
        .filter(pace -> !pace.isPaused())
        .mapToDouble(
            pace ->
                pace.rowsPerSecond().isEmpty()
                    ? Double.POSITIVE_INFINITY
                    : pace.rowsPerSecond().getAsLong())
        .sum();
  }

  void repaired(String tableId) {
    registry.counter("shardstream_worker_repairs", "table", tableId).increment();
  }
}
