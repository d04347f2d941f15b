package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.CanonicalKey;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Strategy;
import dev.shardstream.schemas.event.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** The keys that are written, and where they belong. */
final class Keys {
  private static final int COUNT = 16;
  private static final int FULL = 4;

  /** Mostly each in a virtual shard of its own. */
  private static final List<Long> SPREAD = LongStream.range(0, COUNT).boxed().toList();

  /** A few in each of a few virtual shards, so that split points come to lie between them. */
  private static final List<Long> CROWDED =
      LongStream.iterate(0, key -> key + 1)
          .filter(key -> virtualShard(key) < FULL)
          .limit(COUNT)
          .boxed()
          .toList();

  private static final Map<Long, byte[]> ORDERED = new HashMap<>();

  static {
    SPREAD.forEach(key -> ORDERED.put(key, OrderedKey.of(List.of(key))));
    CROWDED.forEach(key -> ORDERED.put(key, OrderedKey.of(List.of(key))));
  }

  private Keys() {}

  /** The keys of a table, ascending. */
  static List<Long> of(Table table) {
    return of(table.getStrategy());
  }

  /** The keys of a table with that strategy, ascending. */
  static List<Long> of(Strategy strategy) {
    return strategy == Strategy.RANGE ? CROWDED : SPREAD;
  }

  static int virtualShard(long key) {
    return VirtualShards.of(CanonicalKey.of(List.of(key)));
  }

  /** A key of one of the tables as it bounds ranges. */
  static byte[] ordered(long key) {
    return Objects.requireNonNull(ORDERED.get(key));
  }

  static boolean isIn(KeyRange range, long key) {
    return KeyRanges.contains(range, ordered(key));
  }
}
