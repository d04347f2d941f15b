package dev.shardstream.worker.decide;

import java.util.Arrays;
import java.util.List;

/**
 * The identity of a row in its shard: its primary key, and the virtual shard that follows from it.
 */
public final class RowKey implements Comparable<RowKey> {
  private final int virtualShard;
  private final List<Object> values;
  private final byte[] canonical;

  /**
   * @param values stored values of the primary key, in key order
   * @param canonical {@link dev.shardstream.schemas.contract.CanonicalKey} of the values
   */
  public RowKey(int virtualShard, List<Object> values, byte[] canonical) {
    this.virtualShard = virtualShard;
    this.values = values;
    this.canonical = canonical;
  }

  public int virtualShard() {
    return virtualShard;
  }

  public List<Object> values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowKey that && Arrays.equals(canonical, that.canonical);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(canonical);
  }

  /**
   * The order in which the rows lie on disk, near enough: writing in it touches each page once. It
   * is no promise about SQLite's order of text outside the basic plane.
   */
  @Override
  public int compareTo(RowKey other) {
    int order = Integer.compare(virtualShard, other.virtualShard);
    for (int i = 0; order == 0 && i < values.size(); i++) {
      order = compare(values.get(i), other.values.get(i));
    }
    return order != 0 ? order : Arrays.compareUnsigned(canonical, other.canonical);
  }

  private static int compare(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (left instanceof Double a && right instanceof Double b) {
      return Double.compare(a == 0 ? 0.0 : a, b == 0 ? 0.0 : b);
    }
    if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    return left instanceof byte[] a && right instanceof byte[] b ? Arrays.compareUnsigned(a, b) : 0;
  }

  @Override
  public String toString() {
    return virtualShard + ":" + values;
  }
}
