package dev.shardstream.worker.shard;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.worker.shard.Positions.Held;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Arithmetic of the segments of one virtual shard. */
final class Segments {
  private static final byte[] LEAST = {};

  /** By virtual shard and shard key. */
  static final Comparator<Held> ORDER =
      Comparator.comparingInt(Held::virtualShard)
          .thenComparing(segment -> from(segment.range()), Arrays::compareUnsigned);

  private Segments() {}

  /** The least bytes in a range: no bytes come before every key. */
  static byte[] from(KeyRange range) {
    return range.getFrom() == null ? LEAST : KeyRanges.bytes(range.getFrom());
  }

  /**
   * What segments lack of a range.
   *
   * @param segments ascending, none overlapping another
   */
  static List<KeyRange> missing(List<Held> segments, KeyRange range) {
    List<KeyRange> missing = new ArrayList<>();
    Optional<KeyRange> rest = Optional.of(range);
    for (Held segment : segments) {
      KeyRange there = segment.range();
      if (rest.isPresent() && there.getFrom() != null) {
        KeyRanges.intersection(rest.get(), new KeyRange(null, there.getFrom()))
            .ifPresent(missing::add);
      }
      rest = rest.flatMap(left -> behind(left, there.getTo()));
    }
    rest.ifPresent(missing::add);
    return missing;
  }

  private static Optional<KeyRange> behind(KeyRange range, @Nullable ByteBuffer to) {
    return to == null ? Optional.empty() : KeyRanges.intersection(range, new KeyRange(to, null));
  }

  /** The parts of segments that are in a range. */
  static List<Held> within(List<Held> segments, KeyRange range, long rows) {
    List<Held> within = new ArrayList<>();
    for (Held segment : segments) {
      Optional<KeyRange> part = KeyRanges.intersection(segment.range(), range);
      if (part.isPresent()) {
        within.add(
            new Held(
                segment.virtualShard(),
                part.get(),
                segment.partition(),
                segment.nextOffset(),
                within.isEmpty() ? rows : 0));
      }
    }
    return within;
  }

  /**
   * One segment where all of them stand at the same position and lie side by side, else they as
   * they are.
   *
   * @param segments of one virtual shard, ascending
   */
  static List<Held> joined(List<Held> segments) {
    for (int i = 1; i < segments.size(); i++) {
      Held before = segments.get(i - 1);
      Held segment = segments.get(i);
      if (segment.nextOffset() != before.nextOffset()
          || !Objects.equals(segment.range().getFrom(), before.range().getTo())) {
        return segments;
      }
    }
    if (segments.size() < 2) {
      return segments;
    }
    Held first = segments.get(0);
    Held last = segments.get(segments.size() - 1);
    return List.of(
        new Held(
            first.virtualShard(),
            new KeyRange(first.range().getFrom(), last.range().getTo()),
            first.partition(),
            first.nextOffset(),
            segments.stream().mapToLong(Held::rows).sum()));
  }
}
