package dev.shardstream.producer.query;

import dev.shardstream.producer.query.ShardKeys.Stretch;
import dev.shardstream.schemas.contract.OrderedKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The stored values that a key column of a row can have: one of a list, or any from one bound to
 * another. Immutable. Bounds are bytes among those of {@link OrderedKey}, where a value's bytes
 * begin no other value's of the column's type, so that what follows a value, and all keys that
 * begin with it, are the bytes that its own come to when 1 is added.
 */
final class Candidates {
  private static final byte[] FIRST = {};

  /** Every value. */
  static final Candidates ALL = new Candidates(null, FIRST, null);

  private final @Nullable SortedMap<byte[], Object> listed;
  private final byte[] from;
  private final byte @Nullable [] to;

  /**
   * @param listed values by their bytes; null if every value between the bounds can be
   */
  private Candidates(
      @Nullable SortedMap<byte[], Object> listed, byte[] from, byte @Nullable [] to) {
    this.listed = listed;
    this.from = from;
    this.to = to;
  }

  /** Some values, each once. */
  static Candidates of(Collection<?> values) {
    SortedMap<byte[], Object> listed = new TreeMap<>(OrderedKey::compare);
    values.forEach(value -> listed.put(bytes(value), value));
    return listed(listed);
  }

  private static Candidates listed(SortedMap<byte[], Object> listed) {
    return listed.isEmpty()
        ? new Candidates(listed, FIRST, FIRST)
        : new Candidates(listed, listed.firstKey(), behind(listed.lastKey()));
  }

  static Candidates atLeast(Object value) {
    return new Candidates(null, bytes(value), null);
  }

  static Candidates above(Object value) {
    return new Candidates(null, behind(bytes(value)), null);
  }

  static Candidates atMost(Object value) {
    return new Candidates(null, FIRST, behind(bytes(value)));
  }

  static Candidates below(Object value) {
    return new Candidates(null, FIRST, bytes(value));
  }

  private static byte[] bytes(Object value) {
    return OrderedKey.of(List.of(value));
  }

  /** The least bytes that come behind all that begin so. The first of them is never 0xFF. */
  private static byte[] behind(byte[] beginning) {
    int last = beginning.length - 1;
    while (beginning[last] == (byte) 0xFF) {
      last--;
    }
    byte[] next = Arrays.copyOf(beginning, last + 1);
    next[last]++;
    return next;
  }

  /** Those that are in both. */
  Candidates and(Candidates other) {
    if (listed == null && other.listed != null) {
      return other.and(this);
    }
    if (listed == null) {
      byte[] later = OrderedKey.compare(from, other.from) >= 0 ? from : other.from;
      return new Candidates(null, later, earlier(to, other.to));
    }
    SortedMap<byte[], Object> both = new TreeMap<>(OrderedKey::compare);
    listed.forEach(
        (bytes, value) -> {
          if (other.has(bytes)) {
            both.put(bytes, value);
          }
        });
    return listed(both);
  }

  private static byte @Nullable [] earlier(byte @Nullable [] one, byte @Nullable [] other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return OrderedKey.compare(one, other) <= 0 ? one : other;
  }

  private boolean has(byte[] value) {
    return listed == null
        ? OrderedKey.compare(from, value) <= 0 && (to == null || OrderedKey.compare(value, to) < 0)
        : listed.containsKey(value);
  }

  boolean isAll() {
    return listed == null && from.length == 0 && to == null;
  }

  boolean isEmpty() {
    return to != null && OrderedKey.compare(from, to) >= 0;
  }

  /** How many there are; -1 if they are not listed. */
  int count() {
    return listed == null ? -1 : listed.size();
  }

  /** Those that are listed, in order. */
  Collection<Object> values() {
    if (listed == null) {
      throw new IllegalStateException("Not listed");
    }
    return listed.values();
  }

  /** The keys that begin with some values and go on with a candidate; there must be one. */
  Stretch after(List<Object> beginning) {
    byte[] prefix = OrderedKey.of(beginning);
    byte[] first = joined(prefix, from);
    if (to != null) {
      return new Stretch(first, joined(prefix, to));
    }
    return new Stretch(first, prefix.length == 0 ? null : behind(prefix));
  }

  private static byte[] joined(byte[] one, byte[] other) {
    return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
  }
}
