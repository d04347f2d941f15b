package dev.shardstream.worker.shard;

import dev.shardstream.schemas.contract.Position;
import dev.shardstream.schemas.contract.VirtualShards;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The virtual shards that a shard holds and how far each of them is in the log. A shard holds a
 * virtual shard exactly when it has a position for it.
 */
public final class Positions {
  private final List<Held> held;
  private final @Nullable Held[] byVirtualShard = new Held[VirtualShards.COUNT];
  private final SortedMap<Integer, Long> least = new TreeMap<>();

  /**
   * One virtual shard that is held.
   *
   * @param virtualShard 0 to 255
   * @param partition where its changes are
   * @param nextOffset the next offset to apply
   * @param rows rows in it
   */
  public record Held(int virtualShard, int partition, long nextOffset, long rows) {}

  /** In any order. */
  public Positions(List<Held> held) {
    this.held = held.stream().sorted(Comparator.comparingInt(Held::virtualShard)).toList();
    for (Held one : this.held) {
      byVirtualShard[one.virtualShard()] = one;
      least.merge(one.partition(), one.nextOffset(), Math::min);
    }
  }

  /** Ascending by virtual shard. */
  public List<Held> held() {
    return held;
  }

  public Optional<Held> of(int virtualShard) {
    return Optional.ofNullable(byVirtualShard[virtualShard]);
  }

  public boolean holds(int virtualShard) {
    return byVirtualShard[virtualShard] != null;
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
   * @param reached by partition, the next offset to read; a virtual shard that is further stays
   * @param rowDelta by virtual shard, rows added less rows removed
   */
  public Positions advanced(Map<Integer, Long> reached, Map<Integer, Long> rowDelta) {
    return new Positions(
        held.stream()
            .map(
                h ->
                    new Held(
                        h.virtualShard(),
                        h.partition(),
                        Math.max(
                            h.nextOffset(), reached.getOrDefault(h.partition(), h.nextOffset())),
                        h.rows() + rowDelta.getOrDefault(h.virtualShard(), 0L)))
            .toList());
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
