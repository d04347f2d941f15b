package dev.shardstream.systemtests.simulation;

import dev.shardstream.worker.shard.ShardRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What was planted in shard files to differ from what was written to them. */
final class Damage {
  private final Map<String, Set<Integer>> there = new HashMap<>();
  private final Set<String> ever = new HashSet<>();
  private final Set<String> misjudged = new HashSet<>();

  void plant(ShardRef ref, int virtualShard) {
    there.computeIfAbsent(ref.toString(), r -> new TreeSet<>()).add(virtualShard);
    ever.add(ref.toString());
    misjudged.add(ref.tableId() + "/" + virtualShard);
  }

  /** These virtual shards are not there any more. */
  void forget(ShardRef ref, Collection<Integer> virtualShards) {
    there.getOrDefault(ref.toString(), new TreeSet<>()).removeAll(virtualShards);
  }

  /** Nothing in that shard is excused from here on. */
  void forget(ShardRef ref) {
    there.remove(ref.toString());
  }

  boolean isIn(ShardRef ref, int virtualShard) {
    return there.getOrDefault(ref.toString(), Set.of()).contains(virtualShard);
  }

  /** Whether there may be some of it in that shard. */
  boolean isIn(String ref) {
    return !there.getOrDefault(ref, Set.of()).isEmpty();
  }

  boolean wasEverIn(ShardRef ref) {
    return ever.contains(ref.toString());
  }

  /**
   * Whether a damaged row may have decided on a write before it was overwritten. Rows tell nothing
   * of that, so no digest does.
   */
  boolean mayHaveMisjudged(String tableId, int virtualShard) {
    return misjudged.contains(tableId + "/" + virtualShard);
  }
}
