package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.ClusterView;
import dev.shardstream.producer.api.NodeInfo;
import dev.shardstream.producer.api.ReshardInfo;
import dev.shardstream.producer.api.ShardProgress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One picture of {@code top}. Pure. */
final class TopFrame {
  /** The shards that are furthest behind. */
  private static final int MOST_SHARDS = 10;

  private final ClusterView view;
  private final ApplyRates rates;

  private TopFrame(ClusterView view, ApplyRates rates) {
    this.view = view;
    this.rates = rates;
  }

  /**
   * A picture as text.
   *
   * @param rates as of the same view
   */
  static String text(ClusterView view, ApplyRates rates) {
    TopFrame frame = new TopFrame(view, rates);
    return String.join("\n", frame.summary(), frame.nodes(), frame.reshards(), frame.shards());
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "nodes: %s%nshards: %s%nreshards: %d running%nchanges applied: %s a second%n",
        counts(view.nodes().stream().map(NodeInfo::state)),
        counts(view.shards().stream().map(shard -> Objects.requireNonNullElse(shard.state(), "?"))),
        view.reshards().size(),
        rates.total() == null ? "?" : Math.round(rates.total()));
  }

  private static String counts(Stream<String> states) {
    Map<String, Long> counts =
        states.collect(Collectors.groupingBy(state -> state, TreeMap::new, Collectors.counting()));
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(each -> each.getValue() + " " + each.getKey())
            .collect(Collectors.joining(", "));
  }

  private String nodes() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (NodeInfo node : view.nodes()) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(node.nodeId());
      row.add(node.state());
      row.add(node.shards());
      row.add(node.rows());
      row.add(rounded(rates.ofNode(node.nodeId())));
      row.add(
          LagTable.seconds(
              shardsOf(node)
                  .map(ShardProgress::millisBehind)
                  .filter(Objects::nonNull)
                  .max(Comparator.naturalOrder())
                  .orElse(null)));
      row.add(percent(node.freeBytes(), node.capacityBytes()));
      rows.add(row);
    }
    return TextTable.of(
        List.of("node", "state", "shards", "rows", "changes/s", "most_seconds_behind", "disk_free"),
        rows);
  }

  private Stream<ShardProgress> shardsOf(NodeInfo node) {
    return view.shards().stream().filter(shard -> shard.nodeId().equals(node.nodeId()));
  }

  private String reshards() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ReshardInfo reshard : view.reshards()) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(reshard.changeLogId());
      row.add(reshard.tableName());
      row.add(reshard.purpose());
      row.add(reshard.status());
      row.add(percent(reshard.virtualShardsCopied(), reshard.virtualShards()));
      row.add(reshard.digestsCompared());
      row.add(reshard.lag());
      row.add(reshard.waitsFor());
      rows.add(row);
    }
    return TextTable.of(
        List.of("reshard", "table", "purpose", "phase", "copied", "compared", "lag", "waits_for"),
        rows);
  }

  private String shards() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    view.shards().stream()
        .sorted(
            Comparator.comparing(
                ShardProgress::millisBehind, Comparator.nullsFirst(Comparator.reverseOrder())))
        .limit(MOST_SHARDS)
        .forEach(
            shard -> {
              List<@Nullable Object> row = new ArrayList<>();
              row.add(LagTable.tableName(shard));
              row.add(shard.shardId());
              row.add(shard.role());
              row.add(shard.nodeId());
              row.add(shard.state());
              row.add(shard.rows());
              row.add(rounded(rates.ofShard(shard)));
              row.add(shard.offsetsBehind());
              row.add(LagTable.seconds(shard.millisBehind()));
              rows.add(row);
            });
    return TextTable.of(
        List.of(
            "table",
            "shard",
            "role",
            "node",
            "state",
            "rows",
            "changes/s",
            "offsets_behind",
            "seconds_behind"),
        rows);
  }

  private static @Nullable Long rounded(@Nullable Double rate) {
    return rate == null ? null : Math.round(rate);
  }

  private static @Nullable String percent(long part, long whole) {
    return whole <= 0 ? null : Math.round(100.0 * part / whole) + "%";
  }
}
