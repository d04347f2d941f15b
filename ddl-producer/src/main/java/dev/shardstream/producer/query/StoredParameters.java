package dev.shardstream.producer.query;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.row.StoredValues;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of a caller as SQLite stores them, where no column says of which type they should be. */
public final class StoredParameters {
  private StoredParameters() {}

  /**
   * The stored values.
   *
   * @param values Long, Integer, Short, Byte, Double, Float, Boolean, String, byte[], LocalDate,
   *     LocalDateTime, Instant or null
   * @throws ShardstreamException INVALID_ARGUMENT for any other class
   */
  public static List<@Nullable Object> of(List<? extends @Nullable Object> values) {
    List<@Nullable Object> stored = new ArrayList<>(values.size());
    for (Object value : values) {
      stored.add(value == null ? null : of(value));
    }
    return Collections.unmodifiableList(stored);
  }

  private static @Nullable Object of(Object value) {
    if (value instanceof Long || value instanceof String || value instanceof byte[]) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Double || value instanceof Float) {
      double real = ((Number) value).doubleValue();
      return Double.isNaN(real) ? null : (Object) real; // as SQLite binds it
    }
    if (value instanceof Boolean truth) {
      return truth ? 1L : 0L;
    }
    if (value instanceof LocalDate date) {
      return date.toString();
    }
    if (value instanceof LocalDateTime time) {
      return StoredValues.timestampText(time);
    }
    if (value instanceof Instant instant) {
      return StoredValues.timestampText(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
    throw new ShardstreamException(
        ErrorCode.INVALID_ARGUMENT, "a parameter of class " + value.getClass().getName());
  }
}
