package dev.shardstream.schemas.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * One metric of a process. Each process has one enum of them and measures nothing of its own under
 * another name, so that the enum is all that can be exposed.
 *
 * <p>Values of labels are given in the order of {@link Definition#labels()}.
 */
public interface Metric {
  /** How its values are to be read. */
  enum Type {
    /** Only grows, from 0 when what is counted begins. */
    COUNTER,
    GAUGE,
    /**
     * Exposed as {@code _count}, {@code _sum} and {@code _max}; as a histogram where it says so.
     */
    TIMER
  }

  /**
   * What is exposed.
   *
   * @param name as Prometheus sees it
   * @param unit of its values, in the plural; what is counted when it has none
   * @param meaning one sentence
   * @param labels their names; each has few values at a time
   */
  record Definition(Type type, String name, String unit, String meaning, List<String> labels) {
    public Definition {
      labels = List.copyOf(labels);
    }

    /** Its row in docs/metrics.md. */
    public String row() {
      String labelled = labels.isEmpty() ? "" : "`" + String.join("`, `", labels) + "`";
      return String.join(
          " | ",
          "| `" + name + "`",
          type.name().toLowerCase(Locale.ROOT),
          unit,
          labelled,
          meaning + " |");
    }
  }

  /** What it is. */
  Definition definition();

  /** The labels with these values. */
  default Tags tags(String... values) {
    List<String> labels = definition().labels();
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(
          definition().name() + " has the labels " + labels + " but " + values.length + " values");
    }
    List<Tag> tags = new ArrayList<>(values.length);
    for (int i = 0; i < values.length; i++) {
      tags.add(Tag.of(labels.get(i), values[i]));
    }
    return Tags.of(tags);
  }

  /** The counter with these values of its labels, made when it is not there. */
  default Counter counter(MeterRegistry registry, String... values) {
    return Counter.builder(require(Type.COUNTER).name())
        .description(definition().meaning())
        .tags(tags(values))
        .register(registry);
  }

  /** Shows what a supplier says whenever somebody looks. */
  default void gauge(MeterRegistry registry, Supplier<Number> value, String... values) {
    Gauge.builder(require(Type.GAUGE).name(), value)
        .description(definition().meaning())
        .tags(tags(values))
        .register(registry);
  }

  /** Values that come and go, set all at once. */
  default MultiGauge gauges(MeterRegistry registry) {
    return MultiGauge.builder(require(Type.GAUGE).name())
        .description(definition().meaning())
        .register(registry);
  }

  /** The timer with these values of its labels, made when it is not there. */
  default Timer timer(MeterRegistry registry, String... values) {
    return histogram(registry, List.of(), values);
  }

  /**
   * As {@link #timer}, with a bucket up to each of some times.
   *
   * @param bounds ascending
   */
  default Timer histogram(MeterRegistry registry, List<Duration> bounds, String... values) {
    return Timer.builder(require(Type.TIMER).name())
        .description(definition().meaning())
        .serviceLevelObjectives(bounds.toArray(Duration[]::new))
        .tags(tags(values))
        .register(registry);
  }

  private Definition require(Type type) {
    if (definition().type() != type) {
      throw new IllegalStateException(definition().name() + " is no " + type);
    }
    return definition();
  }
}
