package dev.shardstream.standalone.workload;

import dev.shardstream.producer.api.Shardstream;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole table of {@link Orders} the way an application would: page by page, by key. Rows
 * come in the order of their keys; rows that are there twice come twice.
 *
 * @param db where
 * @param table which
 */
public record WholeTable(Shardstream db, String table) implements Iterable<List<@Nullable Object>> {
  private static final int PAGE = 20_000;

  @Override
  public Iterator<List<@Nullable Object>> iterator() {
    return new Pages();
  }

  private final class Pages implements Iterator<List<@Nullable Object>> {
    private long after = Long.MIN_VALUE;
    private Iterator<List<@Nullable Object>> page = nextPage();

    @Override
    public boolean hasNext() {
      if (!page.hasNext()) {
        page = nextPage();
      }
      return page.hasNext();
    }

    @Override
    public List<@Nullable Object> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return page.next();
    }

    /**
     * The page ends at a key, not at a count, so that no second copy of a row falls between two.
     */
    private Iterator<List<@Nullable Object>> nextPage() {
      if (!(lastKeyOfPage() instanceof Long last)) {
        return List.<List<@Nullable Object>>of().iterator();
      }
      List<List<@Nullable Object>> rows =
          db.execute(
                  "SELECT * FROM %s WHERE o_orderkey > ? AND o_orderkey <= ? ORDER BY o_orderkey"
                      .formatted(table),
                  after,
                  last)
              .rows();
      after = last;
      return rows.iterator();
    }

    private @Nullable Object lastKeyOfPage() {
      return db.execute(
              """
              SELECT max(k) FROM (
                SELECT o_orderkey AS k FROM %s WHERE o_orderkey > ? ORDER BY o_orderkey LIMIT %d)
              """
                  .formatted(table, PAGE),
              after)
          .rows()
          .get(0)
          .get(0);
    }
  }
}
