package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.Digest;
import dev.shardstream.schemas.event.KeyHash;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.VerifyShard;
import dev.shardstream.worker.decide.LogEntry;
import dev.shardstream.worker.shard.Positions;
import dev.shardstream.worker.shard.ShardRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The fences that a process waits for, and the digests that it owes. All of it is in memory. */
final class SimFences {
  private final World world;
  private final SimWorker worker;
  private final Digests digests;
  private final Map<String, Armed> armed = new TreeMap<>();
  private final Deque<Sight> owed = new ArrayDeque<>();

  private record Armed(ShardTask task, VerifyShard verify) {}

  private record Sight(
      ShardContent content, LogEntry.Fenced fence, Armed armed, boolean atAnyPosition) {}

  SimFences(World world, SimWorker worker) {
    this.world = world;
    this.worker = worker;
    this.digests = new Digests(world.has(Mutant.DIGEST_BY_XOR));
  }

  private static String key(ShardRef shard, String fenceId) {
    return shard + "/" + fenceId;
  }

  void arm(ShardRef shard, ShardTask task, VerifyShard verify) {
    armed.put(key(shard, verify.getFenceId()), new Armed(task, verify));
  }

  void disarm(ShardRef shard) {
    armed.keySet().removeIf(key -> key.startsWith(shard + "/"));
  }

  boolean isArmed(ShardRef shard, String fenceId) {
    return armed.containsKey(key(shard, fenceId));
  }

  /**
   * A shard stands at a fence; its content there is a snapshot that is digested later.
   *
   * @param atAnyPosition whether it is a mutant's, which does not stand there
   */
  void reached(ShardContent content, LogEntry.Fenced fence, boolean atAnyPosition) {
    Armed waiting = armed.get(key(content.definition().ref(), fence.fenceId()));
    if (waiting != null) {
      owed.add(new Sight(content, fence, waiting, atAnyPosition));
    }
  }

  /** Digests some of what is owed. */
  void answer() {
    while (!owed.isEmpty() && !(world.isWild() && world.dice().oneIn(4))) {
      digest(owed.poll());
      worker.mayDie();
    }
  }

  private void digest(Sight sight) {
    Set<Integer> wanted = new TreeSet<>(sight.armed().verify().getVirtualShards());
    List<Digest> found = new ArrayList<>();
    List<KeyHash> keys = new ArrayList<>();
    for (int virtualShard : wanted) {
      if (stands(sight, virtualShard)) {
        found.add(digests.of(sight.content(), virtualShard));
        if (sight.armed().verify().getListKeys()) {
          keys.addAll(digests.keys(sight.content(), virtualShard));
        }
      }
    }
    if (!found.isEmpty()) {
      worker.report(
          sight.armed().task(),
          new ShardDigests(
              sight.content().definition().ref().shardId(),
              sight.fence().fenceId(),
              sight.fence().partition(),
              sight.fence().offset(),
              sight.content().table().getSchemaVersion(),
              found,
              keys));
    }
  }

  /** Whether all that the shard has of a virtual shard is exactly behind the fence, if it must. */
  private static boolean stands(Sight sight, int virtualShard) {
    List<Positions.Held> segments = sight.content().positions().segments(virtualShard);
    return !segments.isEmpty()
        && segments.stream()
            .allMatch(
                segment ->
                    segment.partition() == sight.fence().partition()
                        && (sight.atAnyPosition()
                            || segment.nextOffset() == sight.fence().offset() + 1));
  }
}
