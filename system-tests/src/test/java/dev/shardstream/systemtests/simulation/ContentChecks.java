package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.worker.decide.Row;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import dev.shardstream.worker.shard.ShardRef;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Shard files against the model of the log. */
final class ContentChecks {
  private final World world;
  private final Damage damage;

  ContentChecks(World world, Damage damage) {
    this.world = world;
    this.damage = damage;
  }

  /** A shard file after a transaction: every virtual shard is as the log has it at its position. */
  void committed(ShardContent content) {
    committed(content, world.model(content.definition().ref().tableId()).virtualShards());
  }

  /** The same, of some virtual shards. */
  void committed(ShardContent content, Collection<Integer> virtualShards) {
    for (int virtualShard : virtualShards) {
      if (!damage.isIn(content.definition().ref(), virtualShard)) {
        assertAsInTheLog("I1", content, virtualShard);
      }
    }
  }

  /** What a shard file has of one virtual shard is as the log has it at its positions. */
  void assertAsInTheLog(String invariant, ShardContent content, int virtualShard) {
    ShardRef ref = content.definition().ref();
    Model model = world.model(ref.tableId());
    List<Positions.Held> segments = content.positions().segments(virtualShard);
    SortedMap<Long, Model.Expected> expected = new TreeMap<>();
    SortedMap<Long, String> expectedRefused = new TreeMap<>();
    for (Positions.Held segment : segments) {
      expected.putAll(model.rows(virtualShard, segment.range(), segment.nextOffset()));
      expectedRefused.putAll(model.refused(virtualShard, segment.range(), segment.nextOffset()));
    }
    String difference = difference(content, content.rows(virtualShard), expected);
    if (difference == null && !damage.mayHaveMisjudged(ref.tableId(), virtualShard)) {
      difference = difference(content, virtualShard, expectedRefused);
    }
    if (difference != null) {
      throw new Violation(invariant, "shard %s, %s: %s".formatted(ref, segments, difference));
    }
  }

  /** A copy of a range may bring along what its source has refused of other ranges. */
  private @Nullable String difference(
      ShardContent content, int virtualShard, SortedMap<Long, String> expected) {
    SortedMap<Long, String> refused = new TreeMap<>();
    for (Rejection rejection : content.rejections(virtualShard)) {
      refused.put(rejection.offset(), rejection.code());
    }
    SortedMap<Long, String> allowed = new TreeMap<>(expected);
    if (content.table().getStrategy() == Strategy.RANGE) {
      Model model = world.model(content.definition().ref().tableId());
      allowed.putAll(model.refused(virtualShard, KeyRanges.ALL, Long.MAX_VALUE));
    }
    boolean isRight =
        refused.entrySet().containsAll(expected.entrySet())
            && allowed.entrySet().containsAll(refused.entrySet());
    return isRight ? null : "refused " + refused + ", not " + expected;
  }

  private static @Nullable String difference(
      ShardContent content, SortedMap<RowKey, Row> rows, SortedMap<Long, Model.Expected> expected) {
    Set<Long> missing = new TreeSet<>(expected.keySet());
    for (Map.Entry<RowKey, Row> entry : rows.entrySet()) {
      Long key = (Long) entry.getKey().values().get(0);
      Model.Expected row = expected.get(key);
      if (row == null) {
        return "it has key " + key;
      }
      missing.remove(key);
      if (!isSame(content, entry.getValue(), row)) {
        return "key %d is %s, not %s".formatted(key, entry.getValue(), row);
      }
    }
    return missing.isEmpty() ? null : "it lacks keys " + missing;
  }

  private static boolean isSame(ShardContent content, Row row, Model.Expected expected) {
    List<Column> columns = content.table().getColumns();
    for (int i = 0; i < columns.size(); i++) {
      if (!Objects.equals(row.values().get(i), expected.value(columns.get(i)))) {
        return false;
      }
    }
    return row.values().size() == columns.size()
        && row.version() == expected.version()
        && row.updated() == expected.updated();
  }
}
