package dev.shardstream.standalone.workload;

import dev.shardstream.producer.api.Shardstream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a whole table of {@link Orders} the way an application would: page by page, by key. */
public final class WholeTable {
  private static final int PAGE = 20_000;

  private WholeTable() {}

  /** All rows in the order of their keys; rows that come twice are there twice. */
  public static List<List<@Nullable Object>> read(Shardstream db, String table) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    long after = Long.MIN_VALUE;
    while (true) {
      // The page ends at a key, not at a count, so that no second copy of a row falls between two.
      List<List<@Nullable Object>> end =
          db.execute(
                  """
                  SELECT max(k) FROM (
                    SELECT o_orderkey AS k FROM %s WHERE o_orderkey > ? ORDER BY o_orderkey LIMIT %d)
                  """
                      .formatted(table, PAGE),
                  after)
              .rows();
      if (!(end.get(0).get(0) instanceof Long last)) {
        return rows;
      }
      rows.addAll(
          db.execute(
                  "SELECT * FROM %s WHERE o_orderkey > ? AND o_orderkey <= ? ORDER BY o_orderkey"
                      .formatted(table),
                  after,
                  last)
              .rows());
      after = last;
    }
  }
}
