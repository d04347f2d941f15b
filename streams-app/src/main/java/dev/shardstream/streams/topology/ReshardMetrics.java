package dev.shardstream.streams.topology;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.TargetProgress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How far each running reshard is. One at a time runs on a table, so its table is its label, and it
 * is shown as long as it runs. Safe for several threads.
 */
final class ReshardMetrics {
  private static final List<ControlMetric> SHOWN =
      List.of(
          ControlMetric.RESHARD_IDLE,
          ControlMetric.RESHARD_PHASE,
          ControlMetric.RESHARD_VIRTUAL_SHARDS,
          ControlMetric.RESHARD_COPIED,
          ControlMetric.RESHARD_ROWS,
          ControlMetric.RESHARD_REPLAYED,
          ControlMetric.RESHARD_LAG,
          ControlMetric.RESHARD_COMPARED);

  private final Map<ControlMetric, MultiGauge> gauges = new EnumMap<>(ControlMetric.class);

  /** What is shown of each partition. */
  private final Map<String, Map<ControlMetric, List<MultiGauge.Row<?>>>> rows = new HashMap<>();

  ReshardMetrics(MeterRegistry registry) {
    SHOWN.forEach(metric -> gauges.put(metric, metric.gauges(registry)));
  }

  /**
   * Shows the reshards that run in a partition.
   *
   * @param now milliseconds since the epoch
   */
  synchronized void show(String partition, List<Reshard> running, long now) {
    if (!running.isEmpty() || rows.containsKey(partition)) {
      rows.put(partition, rows(running, now));
      register();
    }
  }

  /** A partition is not this process's any more. */
  synchronized void forget(String partition) {
    rows.remove(partition);
    register();
  }

  private void register() {
    gauges.forEach(
        (metric, gauge) ->
            gauge.register(
                rows.values().stream()
                    .<MultiGauge.Row<?>>flatMap(
                        each -> each.getOrDefault(metric, List.of()).stream())
                    .toList(),
                true));
  }

  private static Map<ControlMetric, List<MultiGauge.Row<?>>> rows(List<Reshard> running, long now) {
    Map<ControlMetric, List<MultiGauge.Row<?>>> rows = new EnumMap<>(ControlMetric.class);
    SHOWN.forEach(metric -> rows.put(metric, new ArrayList<>()));
    for (Reshard reshard : running) {
      String table = reshard.getTableId();
      String purpose = word(reshard.getPurpose());
      String status = word(reshard.getStatus());
      Tags phase = ControlMetric.RESHARD_IDLE.tags(table, purpose, status);
      Tags whole = ControlMetric.RESHARD_COPIED.tags(table, purpose);
      long idle = waitsForOperator(reshard) ? 0 : now - reshard.getUpdatedAt();
      put(rows, ControlMetric.RESHARD_IDLE, phase, idle / 1000.0);
      put(rows, ControlMetric.RESHARD_PHASE, phase, (now - phaseStart(reshard)) / 1000.0);
      put(rows, ControlMetric.RESHARD_COMPARED, whole, reshard.getDigestsCompared());
      sum(rows, ControlMetric.RESHARD_VIRTUAL_SHARDS, reshard, TargetProgress::getVirtualShards);
      sum(rows, ControlMetric.RESHARD_COPIED, reshard, TargetProgress::getVirtualShardsCopied);
      sum(rows, ControlMetric.RESHARD_ROWS, reshard, TargetProgress::getRowsCopied);
      sum(rows, ControlMetric.RESHARD_REPLAYED, reshard, TargetProgress::getReplayedChanges);
      if (reshard.getTargets().stream().noneMatch(target -> target.getLag() < 0)) {
        sum(rows, ControlMetric.RESHARD_LAG, reshard, TargetProgress::getLag);
      }
    }
    return rows;
  }

  private static void sum(
      Map<ControlMetric, List<MultiGauge.Row<?>>> rows,
      ControlMetric metric,
      Reshard reshard,
      ToLongFunction<TargetProgress> value) {
    put(
        rows,
        metric,
        metric.tags(reshard.getTableId(), word(reshard.getPurpose())),
        reshard.getTargets().stream().mapToLong(value).sum());
  }

  private static void put(
      Map<ControlMetric, List<MultiGauge.Row<?>>> rows,
      ControlMetric metric,
      Tags tags,
      double value) {
    rows.get(metric).add(MultiGauge.Row.of(tags, value));
  }

  private static boolean waitsForOperator(Reshard reshard) {
    boolean forSwitch =
        reshard.getStatus() == ReshardStatus.VERIFYING
            && reshard.getVerifiedAttempt() > 0
            && !reshard.getSwitchAsked();
    return reshard.getPaused() || forSwitch || reshard.getStatus() == ReshardStatus.SWITCHING;
  }

  private static long phaseStart(Reshard reshard) {
    List<ReshardPhase> phases = reshard.getPhases();
    return phases.isEmpty() ? reshard.getStartedAt() : phases.get(phases.size() - 1).getStartedAt();
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
