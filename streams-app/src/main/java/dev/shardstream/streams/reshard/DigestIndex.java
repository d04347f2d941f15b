package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.ShardDigests;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Digests by shard, virtual shard and position: only the same position can be compared. */
final class DigestIndex {
  private static final BigInteger SUMS = BigInteger.ONE.shiftLeft(128);

  private record Place(int shardId, int virtualShard) {}

  /** What one virtual shard of one shard holds at one position. */
  private record Content(long rows, ByteBuffer sum, int schemaVersion) {}

  /**
   * What the shards of one side hold together of a virtual shard at one position.
   *
   * @param sum of the row hashes, modulo 2^128
   * @param schemaVersions of the tables that were digested
   * @param keys row hashes by primary key; a key that several shards have counts as one
   */
  record Side(
      long rows, BigInteger sum, Set<Integer> schemaVersions, Map<String, ByteBuffer> keys) {}

  /** Both sides at one position. */
  record Pair(Side source, Side target) {

    /** Whether all shards had the same version of the table: others say nothing. */
    boolean isComparable() {
      return source.schemaVersions().size() == 1
          && source.schemaVersions().equals(target.schemaVersions());
    }

    boolean isEqual() {
      return source.rows() == target.rows() && source.sum().equals(target.sum());
    }
  }

  private final Map<Place, NavigableMap<Long, Content>> contents = new HashMap<>();
  private final Map<Place, NavigableMap<Long, Map<String, ByteBuffer>>> keys = new HashMap<>();

  DigestIndex(Collection<ShardDigests> received) {
    received.forEach(this::add);
  }

  private void add(ShardDigests digests) {
    for (Digest digest : digests.getDigests()) {
      contents
          .computeIfAbsent(
              new Place(digests.getShardId(), digest.getVirtualShard()), p -> new TreeMap<>())
          .put(
              digests.getPosition(),
              new Content(digest.getRows(), digest.getSum(), digests.getSchemaVersion()));
    }
    for (KeyHash key : digests.getKeys()) {
      keys.computeIfAbsent(
              new Place(digests.getShardId(), key.getVirtualShard()), p -> new TreeMap<>())
          .computeIfAbsent(digests.getPosition(), p -> new TreeMap<>())
          .put(key.getKey(), key.getHash());
    }
  }

  /**
   * Both sides of a virtual shard at the latest position of which all shards have told, of one
   * version of the table if there is such a position.
   *
   * @param withKeys whether only positions count of which every row's key has come
   */
  Optional<Pair> pair(Sides sides, boolean withKeys) {
    List<Place> sources = places(sides.virtualShard(), sides.sources());
    List<Place> targets = places(sides.virtualShard(), sides.targets());
    Optional<Pair> found = Optional.empty();
    for (long position : positions(sources.get(0)).descendingKeySet()) {
      boolean isThere =
          isThere(sources, position, withKeys) && isThere(targets, position, withKeys);
      if (isThere) {
        Pair pair = new Pair(side(sources, position), side(targets, position));
        if (pair.isComparable()) {
          return Optional.of(pair);
        }
        found = found.isPresent() ? found : Optional.of(pair);
      }
    }
    return found;
  }

  private static List<Place> places(int virtualShard, List<Integer> shards) {
    return shards.stream().map(id -> new Place(id, virtualShard)).toList();
  }

  private NavigableMap<Long, Content> positions(Place place) {
    return contents.getOrDefault(place, new TreeMap<>());
  }

  private boolean isThere(List<Place> places, long position, boolean withKeys) {
    return places.stream()
        .allMatch(
            place -> {
              Content content = positions(place).get(position);
              return content != null
                  && (!withKeys || keys(place, position).size() == content.rows());
            });
  }

  private Side side(List<Place> places, long position) {
    List<Content> each = places.stream().map(p -> positions(p).get(position)).toList();
    Map<String, ByteBuffer> union = new TreeMap<>();
    places.forEach(p -> union.putAll(keys(p, position)));
    return new Side(
        each.stream().mapToLong(Content::rows).sum(),
        each.stream().map(c -> number(c.sum())).reduce(BigInteger.ZERO, BigInteger::add).mod(SUMS),
        each.stream().map(Content::schemaVersion).collect(Collectors.toCollection(TreeSet::new)),
        union);
  }

  private static BigInteger number(ByteBuffer sum) {
    byte[] bytes = new byte[sum.remaining()];
    sum.duplicate().get(bytes);
    return new BigInteger(1, bytes);
  }

  private Map<String, ByteBuffer> keys(Place place, long position) {
    return keys.getOrDefault(place, new TreeMap<>()).getOrDefault(position, Map.of());
  }
}
