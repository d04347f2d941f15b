package dev.shardstream.producer.live;

import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a live query has to say, always in one thread of the query. A sink that is slow slows
 * its query down: the changes wait in the log. What it throws ends the query. Closing a query
 * interrupts a sink that waits.
 *
 * <p>Of a row outside of the result that changes several times before its shard can be asked for
 * it, only the last state is told. Rows of a stream table are only inserted: that they expire is
 * not told.
 */
public interface LiveQuerySink {
  /** Comes once, first: the names of the columns. */
  void columns(List<String> names);

  /**
   * Comes for each row of the result at the beginning.
   *
   * @param values of the selected columns: stored values
   */
  void row(List<@Nullable Object> values);

  /** Comes once, after the rows of the beginning and before the first change. */
  void initialDone();

  /** Comes for each change of the result; those of one row come in order. */
  void change(LiveChange change);

  /**
   * Comes once, last.
   *
   * @param error LIVE_QUERY_KILLED, TABLE_NOT_FOUND, COLUMN_NOT_FOUND, ROW_LIMIT, LOG_TRUNCATED,
   *     QUERY_FAILED, INTERNAL; null when the subscriber closed it
   */
  void ended(@Nullable ShardstreamException error);
}
