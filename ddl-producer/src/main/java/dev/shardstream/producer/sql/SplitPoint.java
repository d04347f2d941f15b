package dev.shardstream.producer.sql;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a shard of a RANGE table begins, as SPLIT AT says it.
 *
 * @param values of the shard key's first columns, at least one; Long, Double, String, or a blob as
 *     ByteBuffer
 */
public record SplitPoint(List<Object> values) {
  public SplitPoint {
    values = List.copyOf(values);
  }

  /** As SQL. */
  @Override
  public String toString() {
    return values.stream().map(SplitPoint::text).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String text(Object value) {
    return SqlText.literal(value instanceof ByteBuffer blob ? blob.array() : value);
  }
}
