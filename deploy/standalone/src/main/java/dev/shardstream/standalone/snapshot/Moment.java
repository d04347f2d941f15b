package dev.shardstream.standalone.snapshot;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.row.StoredValues;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Up to where the log of a table is wanted. */
sealed interface Moment {
  /**
   * Everything that the log has from until then, the millisecond itself included.
   *
   * @param millis log time, milliseconds since the epoch
   */
  record Time(long millis) implements Moment {
    @Override
    public String toString() {
      return Instant.ofEpochMilli(millis).toString();
    }
  }

  /**
   * Everything below some offsets.
   *
   * @param offsets by partition, the first offset that is not wanted; a partition that is not named
   *     stays where the snapshot is
   */
  record Positions(Map<Integer, Long> offsets) implements Moment {
    public Positions {
      offsets = new TreeMap<>(offsets);
    }

    @Override
    public String toString() {
      return offsets.entrySet().stream()
          .map(each -> each.getKey() + ":" + each.getValue())
          .collect(Collectors.joining(","));
    }
  }

  /**
   * A moment as users write it: {@code 2026-11-22 03:05:07}, with fractions, {@code T}, {@code Z}
   * or an offset, UTC if it says none; or positions like {@code 0:120,3:77}.
   *
   * @throws ShardstreamException INVALID_ARGUMENT
   */
  static Moment parse(String written) {
    Optional<LocalDateTime> time = StoredValues.parseTimestamp(written.strip());
    if (time.isPresent()) {
      return new Time(time.get().toInstant(ZoneOffset.UTC).toEpochMilli());
    }
    Map<Integer, Long> offsets = new TreeMap<>();
    for (String each : written.split(",", -1)) {
      Matcher position = Parsing.POSITION.matcher(each.strip());
      if (!position.matches()
          || offsets.put(Integer.valueOf(position.group(1)), Long.valueOf(position.group(2)))
              != null) {
        throw new ShardstreamException(
            ErrorCode.INVALID_ARGUMENT,
            "'"
                + written
                + "' is no moment: write it like 2026-11-22 03:05:07 (UTC) or as positions,"
                + " partition:offset, like 0:120,3:77");
      }
    }
    return new Positions(offsets);
  }

  /** What {@link #parse} goes by. */
  final class Parsing {
    private static final Pattern POSITION = Pattern.compile("([0-9]{1,3}):([0-9]{1,18})");

    private Parsing() {}
  }
}
