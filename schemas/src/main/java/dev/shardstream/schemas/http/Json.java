package dev.shardstream.schemas.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one JSON mapper: unknown fields are ignored, so that releases can differ. */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Json() {}

  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** A value as one line of JSON. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws ShardstreamException INVALID_ARGUMENT when the text is no JSON of that shape
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof ShardstreamException refused) {
        throw refused;
      }
      throw new ShardstreamException(
              ErrorCode.INVALID_ARGUMENT, "not JSON as expected: " + e.getOriginalMessage())
          .causedBy(e);
    }
  }

  /**
   * A part of a request that must be there: JSON may leave out anything, or say null.
   *
   * @param name as the request calls it
   * @throws ShardstreamException INVALID_ARGUMENT that names it when it is null
   */
  public static <T> T require(String name, @Nullable T value) {
    if (value == null) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, name + " is missing");
    }
    return value;
  }

  /**
   * A list that must be there, without nulls in it.
   *
   * @throws ShardstreamException INVALID_ARGUMENT that names it
   */
  public static <T> List<T> requireAll(String name, @Nullable List<T> values) {
    for (T value : require(name, values)) {
      require("one of " + name, value);
    }
    return List.copyOf(require(name, values));
  }
}
