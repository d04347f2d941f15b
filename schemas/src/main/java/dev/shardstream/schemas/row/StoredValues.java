package dev.shardstream.schemas.row;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.TypeName;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which stored values a column takes. One rule for every writer and every replica: the producer
 * uses it to refuse early, the shard to decide.
 */
public final class StoredValues {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  private StoredValues() {}

  /**
   * Whether a stored value is one that the column's type holds, NULL aside.
   *
   * @param value Long, Double, String or byte[]
   */
  public static boolean fits(Column column, Object value) {
    return switch (column.getType()) {
      case INTEGER -> value instanceof Long n && n == n.intValue();
      case BIGINT -> value instanceof Long;
      case FLOAT ->
          value instanceof Double d && !d.isNaN() && Double.compare(d, d.floatValue()) == 0;
      case DOUBLE -> value instanceof Double d && !d.isNaN();
      case TEXT -> value instanceof String;
      case VARCHAR ->
          value instanceof String s
              && (column.getLength() == null
                  || s.codePointCount(0, s.length()) <= column.getLength());
      case BOOLEAN -> value instanceof Long n && (n == 0 || n == 1);
      case DATE ->
          value instanceof String s && parseDate(s).map(LocalDate::toString).equals(Optional.of(s));
      case TIMESTAMP ->
          value instanceof String s
              && parseTimestamp(s).map(StoredValues::timestampText).equals(Optional.of(s));
      case BLOB -> value instanceof byte[];
    };
  }

  /**
   * Brings a value that a user gave into the stored form of a column: an integer for a REAL column,
   * a boolean, a timestamp with a 'T' in it. Nothing is rounded, cut or guessed.
   *
   * @param value null, Boolean, Long, Double, String, byte[], or java.time's LocalDate,
   *     LocalDateTime, Instant, or any boxed Java number
   * @return the stored value; empty when the column cannot hold it. A null value gives null inside:
   *     callers check NULL first
   */
  public static Optional<Object> store(Column column, Object value) {
    Object stored = convert(column.getType(), value);
    return stored != null && fits(column, stored) ? Optional.of(stored) : Optional.empty();
  }

  private static @Nullable Object convert(TypeName type, Object value) {
    return switch (type) {
      case INTEGER, BIGINT -> integer(value);
      case BOOLEAN -> value instanceof Boolean b ? (Object) (b ? 1L : 0L) : integer(value);
      case FLOAT -> {
        Double real = real(value);
        yield real == null ? null : (Object) (double) real.floatValue();
      }
      case DOUBLE -> real(value);
      case TEXT, VARCHAR -> value instanceof String ? value : null;
      case DATE -> value instanceof LocalDate d ? d.toString() : date(value);
      case TIMESTAMP -> timestamp(value);
      case BLOB -> blob(value);
    };
  }

  private static @Nullable Long integer(Object value) {
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 0x1p53) {
      return d.longValue();
    }
    return null;
  }

  private static @Nullable Double real(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof Long n && n == (long) (double) n || value instanceof Integer) {
      return ((Number) value).doubleValue();
    }
    return null;
  }

  private static @Nullable String date(Object value) {
    return value instanceof String s ? parseDate(s).map(LocalDate::toString).orElse(null) : null;
  }

  private static @Nullable String timestamp(Object value) {
    if (value instanceof Instant instant) {
      return timestampText(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
    if (value instanceof LocalDateTime local) {
      return timestampText(local);
    }
    return value instanceof String s
        ? parseTimestamp(s).map(StoredValues::timestampText).orElse(null)
        : null;
  }

  private static byte @Nullable [] blob(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    return null;
  }

  /** A date like {@code 1998-08-02}; empty for anything else. */
  public static Optional<LocalDate> parseDate(String text) {
    try {
      return text.length() == 10 ? Optional.of(LocalDate.parse(text)) : Optional.empty();
    } catch (DateTimeException notADate) {
      return Optional.empty();
    }
  }

  /**
   * A point in time, UTC unless it says an offset: {@code 1998-08-02}, {@code 1998-08-02 10:15},
   * with seconds, with up to six digits of them, with 'T' instead of the blank, with 'Z' or an
   * offset. Empty for anything else, and for more than six digits that are not 0.
   */
  public static Optional<LocalDateTime> parseTimestamp(String text) {
    String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
    try {
      LocalDateTime time;
      if (iso.length() == 10) {
        time = LocalDate.parse(iso).atStartOfDay();
      } else if (iso.endsWith("Z") || iso.lastIndexOf('+') > 10 || iso.lastIndexOf('-') > 10) {
        time = OffsetDateTime.parse(iso).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
      } else {
        time = LocalDateTime.parse(iso);
      }
      return time.getNano() % 1000 == 0 ? Optional.of(time) : Optional.empty();
    } catch (DateTimeException notATimestamp) {
      return Optional.empty();
    }
  }

  /** The stored text of a timestamp: no fraction, three digits of it or six, whichever is exact. */
  public static String timestampText(LocalDateTime time) {
    int nanos = time.getNano();
    DateTimeFormatter format = nanos == 0 ? SECONDS : nanos % 1_000_000 == 0 ? MILLIS : MICROS;
    return format.format(time);
  }

  /** A stored value from SQLite's driver, which gives an Integer for each integer that fits one. */
  public static @Nullable Object ofDriver(@Nullable Object value) {
    return value instanceof Integer small ? (Object) small.longValue() : value;
  }

  /** A column's default (Avro: bytes as ByteBuffer) as a stored value. */
  public static @Nullable Object ofDefault(Column column) {
    return ofAvro(column.getDefaultValue());
  }

  /** A column's initial default as a stored value. */
  public static @Nullable Object ofInitialDefault(Column column) {
    return ofAvro(column.getInitialDefault());
  }

  private static @Nullable Object ofAvro(@Nullable Object value) {
    if (value instanceof Boolean b) {
      return b ? 1L : 0L;
    }
    return value instanceof ByteBuffer ? blob(value) : value;
  }
}
