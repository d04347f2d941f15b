package dev.shardstream.producer.live;

import dev.shardstream.schemas.contract.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of a live query's result.
 *
 * @param kind what happened to the row, as the result sees it
 * @param values the row's selected columns: stored values; of a row that is deleted, those it had
 * @param key the row's primary key: stored values
 * @param position where the log holds the change
 */
public record LiveChange(
    Kind kind, List<@Nullable Object> values, List<@Nullable Object> key, Position position) {

  /** What a row does. */
  public enum Kind {
    /** It comes into the result: inserted, or it begins to match. */
    INSERTED,
    /** It stays in the result; a selected column was set. */
    UPDATED,
    /** It leaves the result: deleted, or it stops matching. */
    DELETED
  }
}
