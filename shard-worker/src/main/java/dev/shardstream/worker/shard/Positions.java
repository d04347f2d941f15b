package dev.shardstream.worker.shard;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.KeyRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a shard holds and how far each part of it is in the log.
 *
 * <p>The shard of a HASH table holds a virtual shard whole, at one position. In a RANGE table it
 * holds of each virtual shard the rows of a range of shard keys, which may have come in segments
 * from several sources, each at a position of its own. A batch that goes past all of them makes
 * them one again.
 */
public final class Positions {
  private final List<Held> held;
  private final int[] first = new int[VirtualShards.COUNT + 1];
  private final SortedMap<Integer, Long> least = new TreeMap<>();

  /**
   * A segment of a virtual shard.
   *
   * @param virtualShard 0 to 255
   * @param range the shard keys in it
   * @param partition where its changes are
   * @param nextOffset the next offset to apply
   * @param rows rows in it; of several segments of a virtual shard only their sum counts
   */
  public record Held(int virtualShard, KeyRange range, int partition, long nextOffset, long rows) {
    /** All of a virtual shard. */
    public Held(int virtualShard, int partition, long nextOffset, long rows) {
      this(virtualShard, KeyRanges.ALL, partition, nextOffset, rows);
    }
  }

  /** In any order. */
  public Positions(Collection<Held> held) {
    this.held = held.stream().sorted(Segments.ORDER).toList();
    for (Held one : this.held) {
      first[one.virtualShard() + 1]++;
      least.merge(one.partition(), one.nextOffset(), Math::min);
    }
    for (int v = 0; v < VirtualShards.COUNT; v++) {
      first[v + 1] += first[v];
    }
  }

  /** Ascending by virtual shard and shard key. */
  public List<Held> held() {
    return held;
  }

  /** The virtual shards of which there is something, ascending. */
  public List<Integer> virtualShards() {
    return IntStream.range(0, VirtualShards.COUNT).filter(this::holds).boxed().toList();
  }

  /** The segments of a virtual shard, ascending by shard key. */
  public List<Held> segments(int virtualShard) {
    return held.subList(first[virtualShard], first[virtualShard + 1]);
  }

  /** A virtual shard that is in one segment; empty when it is in several or not held. */
  public Optional<Held> of(int virtualShard) {
    List<Held> segments = segments(virtualShard);
    return segments.size() == 1 ? Optional.of(segments.get(0)) : Optional.empty();
  }

  /**
   * The segment of a row.
   *
   * @param shardKey its ordered shard key
   */
  public Optional<Held> at(int virtualShard, byte[] shardKey) {
    for (Held segment : segments(virtualShard)) {
      if (KeyRanges.contains(segment.range(), shardKey)) {
        return Optional.of(segment);
      }
    }
    return Optional.empty();
  }

  /** Whether there is anything of a virtual shard. */
  public boolean holds(int virtualShard) {
    return first[virtualShard] < first[virtualShard + 1];
  }

  /** The parts of a range that are not held of a virtual shard, ascending. */
  public List<KeyRange> missing(int virtualShard, KeyRange range) {
    return Segments.missing(segments(virtualShard), range);
  }

  /**
   * The segments of a part of a virtual shard.
   *
   * @param rows how many rows are in it
   */
  public List<Held> within(int virtualShard, KeyRange range, long rows) {
    return Segments.within(segments(virtualShard), range, rows);
  }

  /** The least position of a virtual shard; empty when it is not held. */
  public OptionalLong leastOf(int virtualShard) {
    return segments(virtualShard).stream().mapToLong(Held::nextOffset).min();
  }

  /** The least position of a partition's virtual shards; empty when none of them is held. */
  public OptionalLong least(int partition) {
    Long offset = least.get(partition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** The least position by partition, ascending. */
  public Map<Integer, Long> leastByPartition() {
    return least;
  }

  /** {@link #leastByPartition()} as positions. */
  public List<Position> toList() {
    List<Position> positions = new ArrayList<>(least.size());
    least.forEach((partition, offset) -> positions.add(new Position(partition, offset)));
    return positions;
  }

  /** Whether all wanted positions are reached; partitions that are not held do not count. */
  public boolean reached(List<Position> wanted) {
    return wanted.stream().allMatch(w -> least(w.partition()).orElse(w.offset()) >= w.offset());
  }

  /** Rows of all virtual shards. */
  public long rows() {
    return held.stream().mapToLong(Held::rows).sum();
  }

  /**
   * The positions after a batch.
   *
   * @param reached by partition, the next offset to read; a segment that is further stays
   * @param rowDelta by virtual shard, rows added less rows removed
   */
  public Positions advanced(Map<Integer, Long> reached, Map<Integer, Long> rowDelta) {
    List<Held> next = new ArrayList<>(held.size());
    for (int virtualShard : virtualShards()) {
      List<Held> moved = new ArrayList<>();
      long delta = rowDelta.getOrDefault(virtualShard, 0L);
      for (Held segment : segments(virtualShard)) {
        long offset = reached.getOrDefault(segment.partition(), segment.nextOffset());
        moved.add(
            new Held(
                virtualShard,
                segment.range(),
                segment.partition(),
                Math.max(segment.nextOffset(), offset),
                segment.rows() + delta));
        delta = 0;
      }
      next.addAll(Segments.joined(moved));
    }
    return new Positions(next);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Positions that && held.equals(that.held);
  }

  @Override
  public int hashCode() {
    return held.hashCode();
  }

  @Override
  public String toString() {
    return held.toString();
  }
}
