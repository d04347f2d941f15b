package dev.shardstream.schemas.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.jspecify.annotations.Nullable;

/**
 * Shows the metrics of a Kafka client that tell whether it works, under the names that Micrometer's
 * own binder gives them, as long as the client is open. A client makes it by its class name, from
 * {@link #settings}.
 *
 * <p>A worker has a consumer per shard, so nothing is shown per topic, partition or broker: that
 * would be hundreds of series for each.
 */
public final class KafkaMeters implements MetricsReporter {
  private static final String REGISTRY = "shardstream.meter.registry";
  private static final String REPORTERS = "metric.reporters";
  private static final String CLIENT = "client-id";

  private static final Set<String> SHOWN =
      Set.of(
          "connection-count",
          "failed-authentication-total",
          "request-total",
          "request-latency-avg",
          "request-latency-max",
          "records-consumed-total",
          "bytes-consumed-total",
          "fetch-latency-avg",
          "fetch-latency-max",
          "fetch-throttle-time-max",
          "record-send-total",
          "record-retry-total",
          "record-error-total",
          "produce-throttle-time-max",
          "buffer-available-bytes");

  private final Map<MetricName, Meter> meters = new HashMap<>();
  private @Nullable MeterRegistry registry;

  /**
   * What a client has to be given.
   *
   * @param others the setting {@code metric.reporters} as configured, or null
   */
  public static Map<String, Object> settings(MeterRegistry registry, @Nullable Object others) {
    String reporters = others == null ? JmxReporter.class.getName() : others.toString();
    return Map.of(REPORTERS, reporters + "," + KafkaMeters.class.getName(), REGISTRY, registry);
  }

  @Override
  public void configure(Map<String, ?> settings) {
    if (!(settings.get(REGISTRY) instanceof MeterRegistry given)) {
      throw new ConfigException(REGISTRY, settings.get(REGISTRY), "is for internal use");
    }
    registry = given;
  }

  @Override
  public void init(List<KafkaMetric> metrics) {
    metrics.forEach(this::metricChange);
  }

  @Override
  public synchronized void metricChange(KafkaMetric metric) {
    MetricName name = metric.metricName();
    MeterRegistry shownIn = registry;
    if (shownIn != null
        && SHOWN.contains(name.name())
        && name.tags().keySet().equals(Set.of(CLIENT))) {
      metricRemoval(metric);
      meters.put(name, show(shownIn, metric));
    }
  }

  private static Meter show(MeterRegistry registry, KafkaMetric metric) {
    MetricName name = metric.metricName();
    String shown = "kafka." + name.group().replaceFirst("-metrics$", "") + "." + name.name();
    Tags tags = Tags.of(Tag.of("client.id", name.tags().get(CLIENT)));
    return shown.endsWith("-total")
        ? FunctionCounter.builder(shown.replace('-', '.'), metric, KafkaMeters::value)
            .description(name.description())
            .tags(tags)
            .register(registry)
        : Gauge.builder(shown.replace('-', '.'), metric, KafkaMeters::value)
            .description(name.description())
            .tags(tags)
            .register(registry);
  }

  private static double value(KafkaMetric metric) {
    return metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  @Override
  public synchronized void metricRemoval(KafkaMetric metric) {
    Meter shown = meters.remove(metric.metricName());
    if (shown != null && registry != null) {
      registry.remove(shown);
    }
  }

  /** The client is closed. */
  @Override
  public synchronized void close() {
    if (registry != null) {
      meters.values().forEach(registry::remove);
    }
    meters.clear();
  }
}
