package dev.shardstream.producer.sql;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a shard of a RANGE table begins, as SPLIT AT says it.
 *
 * @param values of the shard key's first columns, at least one: Long, Double, String or byte[]
 */
public record SplitPoint(List<Object> values) {
  public SplitPoint {
    values = List.copyOf(values);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    // A blob equals only itself; as SQL every value is told from every other.
    return other instanceof SplitPoint that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** As SQL. */
  @Override
  public String toString() {
    return values.stream().map(SqlText::literal).collect(Collectors.joining(", ", "(", ")"));
  }
}
