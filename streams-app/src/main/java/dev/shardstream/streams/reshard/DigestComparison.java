package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.streams.record.TaskKind;
import dev.shardstream.streams.record.VerifyRound;
import dev.shardstream.streams.state.DatabaseState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the digests of one fence say.
 *
 * @param complete whether both sides of every virtual shard (and, where asked for, every key) are
 *     there at the same position; nothing may be decided before
 * @param comparable whether both sides of each were of one version of the table; if not, nothing
 *     follows from it
 * @param compared virtual shards of which some sides were compared
 * @param mismatches those that differ, by virtual shard; of each side the first shard is named
 */
record DigestComparison(
    boolean complete, boolean comparable, int compared, List<Mismatch> mismatches) {
  private static final int MOST_KEYS = 10;

  static DigestComparison of(DatabaseState state, Members members, VerifyRound round) {
    Collection<ShardDigests> received = state.digests(round.getFenceId()).values();
    int digests = received.stream().mapToInt(d -> d.getDigests().size()).sum();
    if (digests < expected(members, round)) {
      return new DigestComparison(false, false, 0, List.of());
    }
    return of(Sides.of(members, round.getVirtualShards()), received, round.getListKeys());
  }

  /** How many digests are there when each shard that was asked has told, at the least. */
  private static int expected(Members members, VerifyRound round) {
    Set<Integer> compared = Set.copyOf(round.getVirtualShards());
    return members.tasks().stream()
        .filter(t -> t.getKind() == TaskKind.VERIFY_SHARD)
        .flatMap(t -> Tables.shard(members.topology(), t.getShardId()).stream())
        .mapToInt(s -> (int) s.getVirtualShards().stream().filter(compared::contains).count())
        .sum();
  }

  /**
   * @param withKeys whether the keys of all rows are to come
   */
  static DigestComparison of(List<Sides> all, Collection<ShardDigests> received, boolean withKeys) {
    DigestIndex index = new DigestIndex(received);
    List<Mismatch> mismatches = new ArrayList<>();
    TreeSet<Integer> compared = new TreeSet<>();
    boolean complete = true;
    boolean comparable = true;
    for (Sides sides : all) {
      Optional<DigestIndex.Pair> pair = index.pair(sides, withKeys);
      if (pair.isEmpty()) {
        complete = false;
      } else if (!pair.get().isComparable()) {
        comparable = false;
      } else {
        compared.add(sides.virtualShard());
        if (!pair.get().isEqual()) {
          mismatches.add(mismatch(sides, pair.get()));
        }
      }
    }
    return new DigestComparison(complete, comparable, compared.size(), mismatches);
  }

  private static Mismatch mismatch(Sides sides, DigestIndex.Pair pair) {
    Map<String, ByteBuffer> source = pair.source().keys();
    Map<String, ByteBuffer> target = pair.target().keys();
    TreeSet<String> keys = new TreeSet<>(source.keySet());
    keys.addAll(target.keySet());
    keys.removeIf(k -> Objects.equals(source.get(k), target.get(k)));
    return new Mismatch(
        sides.virtualShard(),
        sides.sources().get(0),
        sides.targets().get(0),
        pair.source().rows(),
        pair.target().rows(),
        keys.stream().limit(MOST_KEYS).toList());
  }
}
