package dev.shardstream.producer.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement with the values of its parameters.
 *
 * @param sql one SELECT
 * @param parameters stored values; the first is parameter 1
 */
public record Query(String sql, List<@Nullable Object> parameters) {
  public Query {
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Query that
        && sql.equals(that.sql)
        && Arrays.deepEquals(parameters.toArray(), that.parameters.toArray());
  }

  @Override
  public int hashCode() {
    return 31 * sql.hashCode() + Arrays.deepHashCode(parameters.toArray());
  }

  /** Puts a query together; each part brings its values, in the order of its {@code ?}. */
  static final class Builder {
    private final StringBuilder sql = new StringBuilder();
    private final List<@Nullable Object> parameters = new ArrayList<>();

    Builder append(String text) {
      sql.append(text);
      return this;
    }

    Builder append(Query part) {
      sql.append(part.sql());
      parameters.addAll(part.parameters());
      return this;
    }

    Builder value(@Nullable Object value) {
      sql.append('?');
      parameters.add(value);
      return this;
    }

    Query build() {
      return new Query(sql.toString(), parameters);
    }
  }
}
