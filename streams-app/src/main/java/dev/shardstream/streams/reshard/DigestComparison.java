package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.contract.VirtualShards;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.state.DatabaseState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What the digests of one fence say.
 *
 * @param complete whether both sides of every virtual shard (and, where asked for, every key) are
 *     there at the same position; nothing may be decided before
 * @param comparable whether both sides of each were of one version of the table; if not, nothing
 *     follows from it
 * @param compared virtual shards compared
 * @param mismatches those that differ, ascending
 */
record DigestComparison(
    boolean complete, boolean comparable, int compared, List<Mismatch> mismatches) {
  private static final int MOST_KEYS = 10;

  static DigestComparison of(DatabaseState state, Members members, VerifyRound round) {
    Collection<ShardDigests> received = state.digests(round.getFenceId()).values();
    int digests = received.stream().mapToInt(d -> d.getDigests().size()).sum();
    if (digests < 2 * round.getVirtualShards().size()) {
      return new DigestComparison(false, false, 0, List.of());
    }
    DigestIndex index = new DigestIndex(received);
    int[] sources = owners(members.sources());
    int[] targets = owners(members.targets());
    List<Mismatch> mismatches = new ArrayList<>();
    int compared = 0;
    boolean complete = true;
    boolean comparable = true;
    for (int virtualShard : round.getVirtualShards()) {
      int source = sources[virtualShard];
      int target = targets[virtualShard];
      DigestIndex.Pair pair = index.pair(virtualShard, source, target).orElse(null);
      if (pair == null || round.getListKeys() && !pair.hasAllKeys()) {
        complete = false;
      } else if (!pair.isComparable()) {
        comparable = false;
      } else {
        compared++;
        if (!pair.isEqual()) {
          mismatches.add(mismatch(virtualShard, source, target, pair));
        }
      }
    }
    return new DigestComparison(complete, comparable, compared, mismatches);
  }

  private static int[] owners(List<Shard> shards) {
    int[] owners = new int[VirtualShards.COUNT];
    shards.forEach(s -> s.getVirtualShards().forEach(v -> owners[v] = s.getId()));
    return owners;
  }

  private static Mismatch mismatch(
      int virtualShard, int source, int target, DigestIndex.Pair pair) {
    TreeSet<String> keys = new TreeSet<>(pair.sourceKeys().keySet());
    keys.addAll(pair.targetKeys().keySet());
    keys.removeIf(k -> Objects.equals(pair.sourceKeys().get(k), pair.targetKeys().get(k)));
    return new Mismatch(
        virtualShard,
        source,
        target,
        pair.source().rows(),
        pair.target().rows(),
        keys.stream().limit(MOST_KEYS).toList());
  }
}
