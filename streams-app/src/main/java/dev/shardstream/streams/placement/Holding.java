package dev.shardstream.streams.placement;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.ShardRange;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.Shard;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a shard holds.
 *
 * @param virtualShards ascending
 * @param range of a RANGE table the shard keys, else null
 */
public record Holding(List<Integer> virtualShards, @Nullable KeyRange range) {
  private static final List<Integer> ALL =
      new ShardRange(0, VirtualShards.COUNT - 1).virtualShards();

  /** What the only shard of a RANGE table holds. */
  public static final Holding EVERYTHING = new Holding(ALL, KeyRanges.ALL);

  /**
   * What the shards of a HASH table hold: together all virtual shards, consecutive ones in each.
   */
  public static List<Holding> ofVirtualShards(int shards) {
    return ShardRange.split(shards).stream()
        .map(range -> new Holding(range.virtualShards(), null))
        .toList();
  }

  /**
   * What the shards of a RANGE table hold: each all virtual shards, and of them the keys between
   * two split points.
   *
   * @param splitAt ordered keys, ascending, none twice
   */
  public static List<Holding> ofRanges(List<byte[]> splitAt) {
    return KeyRanges.between(splitAt).stream().map(range -> new Holding(ALL, range)).toList();
  }

  /** What a shard holds. */
  public static Holding of(Shard shard) {
    return new Holding(shard.getVirtualShards(), shard.getRange());
  }

  /** What two shards of one table both hold; empty when that is nothing. */
  public Optional<Holding> shared(Holding other) {
    Set<Integer> others = new HashSet<>(other.virtualShards);
    List<Integer> common = virtualShards.stream().filter(others::contains).toList();
    if (common.isEmpty()) {
      return Optional.empty();
    }
    return range == null || other.range == null
        ? Optional.of(new Holding(common, null))
        : KeyRanges.intersection(range, other.range).map(keys -> new Holding(common, keys));
  }
}
