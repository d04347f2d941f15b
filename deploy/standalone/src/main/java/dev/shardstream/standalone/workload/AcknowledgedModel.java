package dev.shardstream.standalone.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What the table must hold: a plain map, fed with the writes that were acknowledged and that the
 * table must accept. It knows nothing of logs, shards or SQLite.
 *
 * <p>Safe for several threads, as long as each key has one writer.
 */
public final class AcknowledgedModel {
  private final Map<Long, List<Object>> rows = new ConcurrentSkipListMap<>();

  /** The row of this key is now this one. */
  public void put(long key, List<Object> row) {
    rows.put(key, List.copyOf(row));
  }

  public void remove(long key) {
    rows.remove(key);
  }

  public @Nullable List<Object> get(long key) {
    return rows.get(key);
  }

  public int size() {
    return rows.size();
  }

  /** Keys in ascending order, as of now. */
  public List<Long> keys() {
    return new ArrayList<>(rows.keySet());
  }

  /**
   * What a read of the whole table has different from this model.
   *
   * @param table every row that was read, in any order; the key is the first column
   */
  public Differences compare(Iterable<? extends List<? extends @Nullable Object>> table) {
    Set<Long> seen = new HashSet<>();
    List<String> examples = new ArrayList<>();
    long duplicated = 0;
    long differing = 0;
    long unexpected = 0;
    for (List<? extends @Nullable Object> row : table) {
      Long key = (Long) row.get(0);
      List<Object> expected = key == null ? null : rows.get(key);
      if (!seen.add(key)) {
        duplicated++;
        example(examples, "duplicated", key, expected, row);
      } else if (expected == null) {
        unexpected++;
        example(examples, "unexpected", key, null, row);
      } else if (!same(expected, row)) {
        differing++;
        example(examples, "differing", key, expected, row);
      }
    }
    long lost = 0;
    for (Map.Entry<Long, List<Object>> row : rows.entrySet()) {
      if (!seen.contains(row.getKey())) {
        lost++;
        example(examples, "lost", row.getKey(), row.getValue(), null);
      }
    }
    return new Differences(seen.size(), lost, duplicated, differing + unexpected, examples);
  }

  private static boolean same(List<Object> expected, List<? extends @Nullable Object> actual) {
    return Arrays.deepEquals(expected.toArray(), actual.toArray());
  }

  private static void example(
      List<String> examples,
      String what,
      @Nullable Long key,
      @Nullable List<?> expected,
      @Nullable List<?> actual) {
    if (examples.size() < 10) {
      examples.add(what + " key=" + key + " expected=" + expected + " actual=" + actual);
    }
  }

  /**
   * @param rows distinct keys that the table has
   * @param lost rows of the model that the table lacks
   * @param duplicated rows that the table has again
   * @param differing rows whose values are not the model's, or that the model does not have
   * @param examples at most ten of them in words
   */
  public record Differences(
      long rows, long lost, long duplicated, long differing, List<String> examples) {
    public boolean none() {
      return lost == 0 && duplicated == 0 && differing == 0;
    }
  }
}
