package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.worker.decide.Row;
import dev.shardstream.worker.decide.RowKey;
import dev.shardstream.worker.decide.RuleSet;
import dev.shardstream.worker.decide.RulesInForce;
import dev.shardstream.worker.decide.Standing;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a copy takes from a source in one transaction.
 *
 * @param range the shard keys that it takes of the virtual shard
 * @param source as it was when it was read
 */
record SliceCopy(int virtualShard, KeyRange range, ShardContent source) {

  /**
   * How it is put in, all true but for mutants.
   *
   * @param clear what is there of it goes first
   * @param withRules the rules that hold at its position come too
   * @param inRange rows out of its range do not come
   * @param bySegment it keeps a position of its own
   */
  record How(boolean clear, boolean withRules, boolean inRange, boolean bySegment) {}

  /** What a target holds with it. */
  ShardContent into(ShardContent target, How how) {
    SortedMap<RowKey, Row> copied = new TreeMap<>(target.rows(virtualShard));
    if (how.clear()) {
      copied.keySet().removeIf(this::isInRange);
    }
    ShardContent.projected(source.rows(virtualShard), source.table(), target.table())
        .forEach(
            (key, row) -> {
              if (!how.inRange() || isInRange(key)) {
                copied.put(key, row);
              }
            });
    List<Rejection> refused = new ArrayList<>(target.rejections(virtualShard));
    source.rejections(virtualShard).stream()
        .filter(r -> !refused.contains(r))
        .forEach(refused::add);
    Positions positions = positions(target, copied.size());
    return new ShardContent(
        target.definition(),
        new Standing(
            how.bySegment() ? positions : atOne(positions),
            how.withRules() ? rules(target) : target.standing().inForce(),
            target.standing().keys()),
        with(target.rows(), copied, copied.isEmpty()),
        with(target.rejections(), List.copyOf(refused), refused.isEmpty()),
        target.repair(),
        target.serving());
  }

  private boolean isInRange(RowKey key) {
    return Keys.isIn(range, (Long) key.values().get(0));
  }

  /** Of several segments the one that is furthest behind will meet the rules that follow. */
  private RulesInForce rules(ShardContent target) {
    RulesInForce inForce = target.standing().inForce();
    RuleSet coming = source.standing().inForce().of(virtualShard);
    OptionalLong there = target.positions().leastOf(virtualShard);
    long least = source.positions().leastOf(virtualShard).orElseThrow();
    if (there.isPresent() && there.getAsLong() <= least || inForce.of(virtualShard) == coming) {
      return inForce;
    }
    Map<Integer, RuleSet> next = new HashMap<>(inForce.byVirtualShard());
    next.put(virtualShard, coming);
    return new RulesInForce(next);
  }

  /** The rows are counted in the first segment. */
  private Positions positions(ShardContent target, int rows) {
    List<Positions.Held> segments = new ArrayList<>(target.positions().segments(virtualShard));
    segments.removeIf(segment -> segment.range().equals(range));
    for (Positions.Held from : source.positions().segments(virtualShard)) {
      KeyRanges.intersection(from.range(), range)
          .ifPresent(
              part ->
                  segments.add(
                      new Positions.Held(
                          virtualShard, part, from.partition(), from.nextOffset(), 0)));
    }
    List<Positions.Held> all = new ArrayList<>(target.positions().held());
    all.removeIf(held -> held.virtualShard() == virtualShard);
    for (Positions.Held one : segments) {
      boolean isFirst = one == segments.get(0);
      all.add(
          new Positions.Held(
              virtualShard, one.range(), one.partition(), one.nextOffset(), isFirst ? rows : 0));
    }
    return new Positions(all);
  }

  /** What a mutant makes of segments: all of them are where the furthest one is. */
  private Positions atOne(Positions positions) {
    long furthest =
        positions.segments(virtualShard).stream()
            .mapToLong(Positions.Held::nextOffset)
            .max()
            .orElseThrow();
    return new Positions(
        positions.held().stream()
            .map(
                held ->
                    held.virtualShard() == virtualShard
                        ? new Positions.Held(
                            virtualShard, held.range(), held.partition(), furthest, held.rows())
                        : held)
            .toList());
  }

  private <T> Map<Integer, T> with(Map<Integer, T> all, T value, boolean isNothing) {
    if (isNothing && !all.containsKey(virtualShard)) {
      return all;
    }
    Map<Integer, T> next = new TreeMap<>(all);
    next.put(virtualShard, value);
    return next;
  }
}
