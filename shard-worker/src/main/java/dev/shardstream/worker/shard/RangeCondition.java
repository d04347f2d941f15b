package dev.shardstream.worker.shard;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite finds the rows of a range of shard keys by: comparisons of row values
 * (https://sqlite.org/rowvalue.html). A bound may have fewer columns than the shard key; then only
 * these are compared, as a key comes behind every key that it begins with.
 */
public final class RangeCondition {
  private final TableShape shape;
  private final List<Object> from;
  private final List<Object> to;

  public RangeCondition(TableShape shape, KeyRange range) {
    this.shape = shape;
    this.from = values(range.getFrom());
    this.to = values(range.getTo());
  }

  private static List<Object> values(@Nullable ByteBuffer bound) {
    return bound == null ? List.of() : OrderedKey.values(KeyRanges.bytes(bound));
  }

  /** To be appended to a WHERE clause: empty, or AND and so on. */
  public String sql() {
    return comparison(" >= ", from) + comparison(" < ", to);
  }

  private String comparison(String operator, List<Object> values) {
    return values.isEmpty()
        ? ""
        : " AND ("
            + String.join(", ", shape.shardKeyColumns().subList(0, values.size()))
            + ")"
            + operator
            + "("
            + String.join(", ", Collections.nCopies(values.size(), "?"))
            + ")";
  }

  /**
   * Binds the bounds.
   *
   * @param at index of the first of its parameters
   */
  public void bind(PreparedStatement statement, int at) throws SQLException {
    List<Object> values = new ArrayList<>(from);
    values.addAll(to);
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(at + i, values.get(i));
    }
  }
}
