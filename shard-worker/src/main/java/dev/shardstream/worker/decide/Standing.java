package dev.shardstream.worker.decide;

import dev.shardstream.worker.shard.Positions;
import java.util.List;
import java.util.Map;

/**
 * Where a shard stands in the log: how far each part of it is, and which rules hold there. Rows,
 * positions and rules change together or not at all.
 *
 * @param positions how far it is
 * @param inForce by virtual shard, the rules that hold at its least position: they follow from the
 *     log of the partition alone, and whatever is further has no change to decide before that
 * @param keys tells which segment a row is in
 */
public record Standing(Positions positions, RulesInForce inForce, ShardKeys keys) {
  /** Of a shard that holds its virtual shards whole. */
  public Standing(Positions positions, RulesInForce inForce) {
    this(positions, inForce, ShardKeys.NONE);
  }

  /**
   * Whether the shard still has to apply an entry: it holds the segment that its row is in, not
   * this far.
   */
  public boolean concerns(LogEntry entry) {
    return entry instanceof LogEntry.Ruled rule
        ? !ruled(rule).isEmpty()
        : positions
            .at(entry.virtualShard(), keys.of(entry.row()))
            .filter(segment -> entry.offset() >= segment.nextOffset())
            .isPresent();
  }

  /** The virtual shards for which a rule is news. */
  public List<Integer> ruled(LogEntry.Ruled rule) {
    return positions.held().stream()
        .filter(held -> held.partition() == rule.partition() && held.nextOffset() <= rule.offset())
        .map(Positions.Held::virtualShard)
        .distinct()
        .toList();
  }

  /**
   * Where the shard stands behind a segment.
   *
   * @param segment entries that {@link #concerns} accepted, and fences
   * @param reached by partition, the next offset to read after it
   * @param rowDelta by virtual shard, rows added less rows removed
   */
  public Standing after(Segment segment, Map<Integer, Long> reached, Map<Integer, Long> rowDelta) {
    RulesInForce next = inForce;
    for (LogEntry.Ruled entry : segment.rules()) {
      next = next.after(ruled(entry), entry.rule());
    }
    return new Standing(positions.advanced(reached, rowDelta), next, keys);
  }
}
