package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.KeySample;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a RANGE table can be split, as far as its shards have named keys, and where it is best
 * split: where the squares of the shards' row counts add up to the least, so that shards are as
 * equal as they get, whatever rows a single shard key has.
 *
 * <p>The best choice is found for one shard, then two, then three …: the best end of each depends
 * on where the shards before it end. The square of a sum of rows is a cost for which a later end
 * never wants an earlier beginning, so each step divides and conquers instead of trying all pairs
 * (F. F. Yao, <i>Efficient Dynamic Programming Using Quadrangle Inequalities</i>, STOC 1980).
 */
final class SplitChoice {
  /** More keys than this per shard make shards no more equal than anyone can see. */
  private static final int KEYS_PER_SHARD = 16;

  private static final Comparator<KeyRange> FROM =
      Comparator.comparing(
          KeyRange::getFrom,
          Comparator.nullsFirst(Comparator.comparing(KeyRanges::bytes, OrderedKey::compare)));

  /**
   * What one owner has told.
   *
   * @param range keys of the owner
   */
  record Sampled(KeyRange range, KeySample sample) {}

  private record Candidate(byte[] key, long rowsBefore) {}

  private final List<Candidate> candidates;
  private final long rows;

  private SplitChoice(List<Candidate> candidates, long rows) {
    this.candidates = candidates;
    this.rows = rows;
  }

  /**
   * @param owners every owner of the table, in any order
   */
  static SplitChoice of(List<Sampled> owners) {
    TreeMap<byte[], Long> rowsBefore = new TreeMap<>(OrderedKey::compare);
    long rows = 0;
    for (Sampled owner :
        owners.stream().sorted(Comparator.comparing(Sampled::range, FROM)).toList()) {
      if (owner.range().getFrom() != null) {
        rowsBefore.put(KeyRanges.bytes(owner.range().getFrom()), rows);
      }
      add(rowsBefore, rows, owner);
      rows += owner.sample().getRows();
    }
    List<Candidate> candidates = new ArrayList<>(rowsBefore.size());
    for (Map.Entry<byte[], Long> each : rowsBefore.entrySet()) {
      candidates.add(new Candidate(each.getKey(), each.getValue()));
    }
    return new SplitChoice(candidates, rows);
  }

  /** A key outside of its shard's range belongs to another shard, and says nothing. */
  private static void add(TreeMap<byte[], Long> rowsBefore, long before, Sampled owner) {
    KeySample sample = owner.sample();
    List<ByteBuffer> keys = sample.getKeys();
    for (int i = 0; i < keys.size(); i++) {
      byte[] key = KeyRanges.bytes(keys.get(i));
      if (KeyRanges.contains(owner.range(), key)) {
        long lesser =
            sample.getRowsBefore().isEmpty()
                ? sample.getRows() * (i + 1) / (keys.size() + 1)
                : sample.getRowsBefore().get(i);
        rowsBefore.putIfAbsent(key, before + lesser);
      }
    }
  }

  /** At how many keys the table can be split. */
  int keys() {
    return candidates.size();
  }

  /**
   * The split points that make some shards, ascending.
   *
   * @param shards at least 1, at most one more than there are keys
   */
  List<byte[]> points(int shards) {
    if (shards < 1 || shards > keys() + 1) {
      throw new IllegalArgumentException(shards + " shards at " + keys() + " keys");
    }
    if (shards == 1) {
      return List.of();
    }
    return new Cheapest(thinnedOut(shards), rows, shards - 1).points();
  }

  /**
   * Of keys that are close together in rows, and of those that are close together in number, the
   * first and the last: those on both sides of a key that has many rows stay.
   */
  private List<Candidate> thinnedOut(int shards) {
    long most = (long) KEYS_PER_SHARD * shards;
    if (keys() <= 3 * most) {
      return candidates;
    }
    List<Candidate> kept = new ArrayList<>();
    for (int i = 0; i < keys(); i++) {
      boolean isNeighbour =
          i > 0 && i < keys() - 1 && isClose(i - 1, i, most) && isClose(i, i + 1, most);
      boolean isNextInNumber = i > 0 && i * most / keys() != (i - 1) * most / keys();
      if (!isNeighbour || isNextInNumber) {
        kept.add(candidates.get(i));
      }
    }
    return kept;
  }

  private boolean isClose(int one, int other, long parts) {
    return candidates.get(one).rowsBefore() * parts / Math.max(1, rows)
        == candidates.get(other).rowsBefore() * parts / Math.max(1, rows);
  }

  /** The choice itself: the i-th split point at one of the candidates, for every i in turn. */
  private static final class Cheapest {
    private final List<Candidate> at;
    private final long rows;
    private final int[][] before;
    private double[] last;
    private double[] next;

    Cheapest(List<Candidate> at, long rows, int points) {
      this.at = at;
      this.rows = rows;
      this.before = new int[points][at.size()];
      this.last = at.stream().mapToDouble(c -> square(c.rowsBefore())).toArray();
      this.next = new double[at.size()];
      for (int point = 1; point < points; point++) {
        Arrays.fill(next, Double.POSITIVE_INFINITY);
        fill(point, point, at.size() - 1, point - 1, at.size() - 2);
        double[] spare = last;
        last = next;
        next = spare;
      }
    }

    /** The best point before each of those from low to high, which is between least and most. */
    private void fill(int point, int low, int high, int least, int most) {
      if (low > high) {
        return;
      }
      int middle = (low + high) >>> 1;
      int best = least;
      for (int i = least; i <= Math.min(most, middle - 1); i++) {
        double cost = last[i] + square(at.get(middle).rowsBefore() - at.get(i).rowsBefore());
        if (cost < next[middle]) {
          next[middle] = cost;
          best = i;
        }
      }
      before[point][middle] = best;
      fill(point, low, middle - 1, least, best);
      fill(point, middle + 1, high, best, most);
    }

    private static double square(long rows) {
      return (double) rows * rows;
    }

    List<byte[]> points() {
      int points = before.length;
      int best = points - 1;
      for (int i = points - 1; i < at.size(); i++) {
        if (cost(i) < cost(best)) {
          best = i;
        }
      }
      byte[][] chosen = new byte[points][];
      for (int point = points - 1; point >= 0; point--) {
        chosen[point] = at.get(best).key();
        best = before[point][best];
      }
      return List.of(chosen);
    }

    private double cost(int lastPoint) {
      return last[lastPoint] + square(rows - at.get(lastPoint).rowsBefore());
    }
  }
}
