package dev.shardstream.producer.cli;

import dev.shardstream.producer.api.ClusterView;
import dev.shardstream.producer.api.ShardProgress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many changes shards apply in a second, from what their nodes have counted at two heartbeats.
 * Not known of a shard before its node has sent a second one.
 */
final class ApplyRates {
  /** A rate is of so long at least, so that it is steady. */
  private static final long LEAST_MILLIS = 900;

  private record Key(String tableId, int shardId, String nodeId) {
    private static Key of(ShardProgress shard) {
      return new Key(shard.tableId(), shard.shardId(), shard.nodeId());
    }
  }

  private record Count(String incarnation, long at, long changes, @Nullable Double rate) {}

  private final Map<Key, Count> counts = new HashMap<>();

  /** Takes in what nodes have said by then; shards that are gone are forgotten. */
  ApplyRates see(ClusterView view) {
    Map<Key, Count> seen = new HashMap<>();
    for (ShardProgress shard : view.shards()) {
      Key key = Key.of(shard);
      Count count = next(counts.get(key), shard);
      if (count != null) {
        seen.put(key, count);
      }
    }
    counts.clear();
    counts.putAll(seen);
    return this;
  }

  private static @Nullable Count next(@Nullable Count last, ShardProgress shard) {
    String incarnation = shard.incarnation();
    Long at = shard.heartbeatAt();
    Long changes = shard.appliedChanges();
    if (incarnation == null
        || at == null
        || changes == null
        || ShardProgress.SILENT.equals(shard.state())) {
      return null;
    }
    // A shard that is applied anew counts from 0 again.
    if (last == null || !last.incarnation().equals(incarnation) || changes < last.changes()) {
      return new Count(incarnation, at, changes, null);
    }
    long millis = at - last.at();
    return millis < LEAST_MILLIS
        ? last
        : new Count(incarnation, at, changes, 1000.0 * (changes - last.changes()) / millis);
  }

  /** Changes a second; null when that is not known. */
  @Nullable Double ofShard(ShardProgress shard) {
    Count count = counts.get(Key.of(shard));
    return count == null ? null : count.rate();
  }

  /** Of all shards of a node of which it is known; null when it is of none. */
  @Nullable Double ofNode(String nodeId) {
    return sum(nodeId);
  }

  /** Of all shards of which it is known; null when it is of none. */
  @Nullable Double total() {
    return sum(null);
  }

  /** Whether it is known of every shard that was seen. */
  boolean isComplete() {
    return counts.values().stream().allMatch(count -> count.rate() != null);
  }

  private @Nullable Double sum(@Nullable String nodeId) {
    return counts.entrySet().stream()
        .filter(each -> nodeId == null || each.getKey().nodeId().equals(nodeId))
        .map(each -> each.getValue().rate())
        .filter(Objects::nonNull)
        .reduce(Double::sum)
        .orElse(null);
  }
}
