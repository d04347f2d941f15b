package dev.shardstream.producer.query;

import dev.shardstream.producer.query.Plan.Gathered;
import dev.shardstream.producer.query.Plan.GatheredColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks SQLite whether a row meets a condition: the row stands alone in a table that compares as a
 * shard's does. Used by one thread.
 */
public final class RowFilter implements AutoCloseable {
  private static final long BYTE_LIMIT = 64L << 20;

  private final GatherDatabase database;
  private final GatherDatabase.@Nullable RowTest test;

  /**
   * @throws dev.shardstream.schemas.contract.ShardstreamException QUERY_FAILED when SQLite does not
   *     take the condition
   */
  public RowFilter(PlainSelect select) {
    this.database = new GatherDatabase(BYTE_LIMIT);
    Query where = select.where();
    try {
      this.test =
          where == null
              ? null
              : database.rowTest(
                  new Gathered(
                      select.view(),
                      select.needed().stream().map(GatheredColumn::of).toList(),
                      List.of()),
                  where);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Whether a row belongs to the result.
   *
   * @param values of the {@link PlainSelect#needed} columns
   */
  public boolean matches(List<@Nullable Object> values) {
    return test == null || test.matches(values);
  }

  @Override
  public void close() {
    if (test != null) {
      test.close();
    }
    database.close();
  }
}
