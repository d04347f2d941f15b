package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.ShardDigests;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Digests by shard, virtual shard and position: only the same position can be compared. */
final class DigestIndex {
  private record Place(int shardId, int virtualShard) {}

  /** What one virtual shard of one shard holds at one position. */
  record Content(long rows, ByteBuffer sum, int schemaVersion) {}

  /** Both sides at one position. */
  record Pair(
      Content source,
      Content target,
      Map<String, ByteBuffer> sourceKeys,
      Map<String, ByteBuffer> targetKeys) {

    /** Whether both sides are of the same version of the table: others say nothing. */
    boolean isComparable() {
      return source.schemaVersion() == target.schemaVersion();
    }

    boolean isEqual() {
      return source.equals(target);
    }

    /** Whether both sides have listed every key. */
    boolean hasAllKeys() {
      return sourceKeys.size() == source.rows() && targetKeys.size() == target.rows();
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
   * Both sides of a virtual shard at the latest position of which both have told, of one version of
   * the table if there is such a position.
   */
  Optional<Pair> pair(int virtualShard, int sourceShard, int targetShard) {
    Place source = new Place(sourceShard, virtualShard);
    Place target = new Place(targetShard, virtualShard);
    NavigableMap<Long, Content> ofTarget = contents.getOrDefault(target, new TreeMap<>());
    Optional<Pair> found = Optional.empty();
    for (Map.Entry<Long, Content> at :
        contents.getOrDefault(source, new TreeMap<>()).descendingMap().entrySet()) {
      Content other = ofTarget.get(at.getKey());
      if (other != null) {
        Pair pair =
            new Pair(at.getValue(), other, keys(source, at.getKey()), keys(target, at.getKey()));
        if (pair.isComparable()) {
          return Optional.of(pair);
        }
        found = Optional.of(pair);
      }
    }
    return found;
  }

  private Map<String, ByteBuffer> keys(Place place, long position) {
    return keys.getOrDefault(place, new TreeMap<>()).getOrDefault(position, Map.of());
  }
}
