package dev.shardstream.worker.task;

import dev.shardstream.worker.copy.Pace;
import dev.shardstream.worker.metrics.WorkerMetric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;

/** What the copies of a node look like from outside. */
final class CopyMetrics {
  private final Counter repairs;

  /**
   * @param paces those of the copies that the node has taken on
   */
  CopyMetrics(MeterRegistry registry, Supplier<List<Pace>> paces) {
    WorkerMetric.COPIES.gauge(registry, () -> paces.get().size());
    WorkerMetric.COPIES_PAUSED.gauge(
        registry, () -> paces.get().stream().filter(Pace::isPaused).count());
    WorkerMetric.COPY_LIMIT.gauge(registry, () -> limit(paces.get()));
    this.repairs = WorkerMetric.REPAIRS.counter(registry);
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

  void repaired() {
    repairs.increment();
  }
}
