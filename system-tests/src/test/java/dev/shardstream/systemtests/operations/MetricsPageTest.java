package dev.shardstream.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.producer.gateway.GatewayMetric;
import dev.shardstream.schemas.metrics.Metric;
import dev.shardstream.streams.topology.ControlMetric;
import dev.shardstream.worker.metrics.WorkerMetric;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A process measures what its enum names, so the page is held against that. */
class MetricsPageTest {
  private final MetricsPage page = MetricsPage.read();

  @Test
  void the_page_lists_every_metric_of_a_worker() {
    assertThat(page.rows(MetricsPage.WORKER)).isEqualTo(rows(WorkerMetric.values()));
  }

  @Test
  void the_page_lists_every_metric_of_streams_app() {
    assertThat(page.rows(MetricsPage.STREAMS)).isEqualTo(rows(ControlMetric.values()));
  }

  @Test
  void the_page_lists_every_metric_of_a_gateway() {
    assertThat(page.rows(MetricsPage.GATEWAY)).isEqualTo(rows(GatewayMetric.values()));
  }

  @Test
  void every_metric_is_exposed_under_the_name_that_the_page_has() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Stream.<Metric[]>of(WorkerMetric.values(), ControlMetric.values(), GatewayMetric.values())
        .flatMap(Arrays::stream)
        .forEach(metric -> measure(metric, registry));

    assertThat(exposed(registry.scrape())).isEqualTo(page.exposed());
  }

  private static List<String> rows(Metric... metrics) {
    return Stream.of(metrics).map(metric -> metric.definition().row()).toList();
  }

  private static void measure(Metric metric, PrometheusMeterRegistry registry) {
    String[] values = metric.definition().labels().toArray(String[]::new);
    switch (metric.definition().type()) {
      case COUNTER -> metric.counter(registry, values);
      case GAUGE -> metric.gauge(registry, () -> 1, values);
      case TIMER ->
          metric
              .histogram(registry, List.of(Duration.ofSeconds(1)), values)
              .record(Duration.ofSeconds(1));
      default ->
          throw new AssertionError(metric.definition().type().name().toLowerCase(Locale.ROOT));
    }
  }

  /** The names of what a process answers. */
  static TreeSet<String> exposed(String answer) {
    TreeSet<String> names = new TreeSet<>();
    answer
        .lines()
        .filter(line -> line.startsWith("shardstream_"))
        .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
    return names;
  }
}
