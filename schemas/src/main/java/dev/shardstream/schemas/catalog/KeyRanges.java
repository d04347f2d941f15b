package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.serde.Events;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Questions to ranges of shard keys, which bound the shards of RANGE tables. */
public final class KeyRanges {
  /** Every shard key. */
  public static final KeyRange ALL;

  static {
    Events.trust(KeyRange.class);
    ALL = new KeyRange(null, null);
  }

  private KeyRanges() {}

  /** A range as an event has it, where null is that of a HASH table: every key. */
  public static KeyRange orAll(@Nullable KeyRange range) {
    return range == null ? ALL : range;
  }

  /**
   * The ranges between split points, in order: together every shard key, and each in one of them.
   *
   * @param splitAt ordered keys, ascending, none twice
   */
  public static List<KeyRange> between(List<byte[]> splitAt) {
    List<KeyRange> ranges = new ArrayList<>(splitAt.size() + 1);
    ByteBuffer from = null;
    for (byte[] at : splitAt) {
      ranges.add(new KeyRange(from, ByteBuffer.wrap(at)));
      from = ByteBuffer.wrap(at);
    }
    ranges.add(new KeyRange(from, null));
    return ranges;
  }

  /**
   * @param key ordered key of a whole shard key
   */
  public static boolean contains(KeyRange range, byte[] key) {
    return (range.getFrom() == null || OrderedKey.compare(bytes(range.getFrom()), key) <= 0)
        && (range.getTo() == null || OrderedKey.compare(key, bytes(range.getTo())) < 0);
  }

  /** The shard keys that are in both; empty when there are none. */
  public static Optional<KeyRange> intersection(KeyRange one, KeyRange other) {
    ByteBuffer from = later(one.getFrom(), other.getFrom());
    ByteBuffer to = earlier(one.getTo(), other.getTo());
    return from != null && to != null && OrderedKey.compare(bytes(from), bytes(to)) >= 0
        ? Optional.empty()
        : Optional.of(new KeyRange(from, to));
  }

  private static @Nullable ByteBuffer later(@Nullable ByteBuffer one, @Nullable ByteBuffer other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return OrderedKey.compare(bytes(one), bytes(other)) >= 0 ? one : other;
  }

  private static @Nullable ByteBuffer earlier(
      @Nullable ByteBuffer one, @Nullable ByteBuffer other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return OrderedKey.compare(bytes(one), bytes(other)) <= 0 ? one : other;
  }

  /** The bytes of a bound. */
  public static byte[] bytes(ByteBuffer bound) {
    byte[] bytes = new byte[bound.remaining()];
    bound.duplicate().get(bytes);
    return bytes;
  }

  /** For people: {@code [100, 200)}, with {@code …} for no bound. */
  public static String text(KeyRange range) {
    return "["
        + (range.getFrom() == null ? "…" : text(range.getFrom()))
        + ", "
        + (range.getTo() == null ? "…" : text(range.getTo()))
        + ")";
  }

  private static String text(ByteBuffer bound) {
    List<Object> values = OrderedKey.values(bytes(bound));
    String text = Tables.keyText(values);
    return values.size() == 1 ? text : "(" + text + ")";
  }
}
