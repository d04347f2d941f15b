package dev.shardstream.schemas.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stored values as JSON, exactly: integers without and reals with a point or exponent, text as
 * strings, {@code {"b":"base64"}} for blobs, {@code {"r":"Infinity"}} and {@code
 * {"r":"-Infinity"}}.
 */
public final class JsonValues {
  private JsonValues() {}

  /** Something that Jackson writes as described, or null. */
  public static @Nullable Object encode(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return Map.of("b", Base64.getEncoder().encodeToString(bytes));
    }
    if (value instanceof Double real && real.isInfinite()) {
      return Map.of("r", real.toString());
    }
    return value;
  }

  /** A row of stored values, encoded. */
  public static List<@Nullable Object> encode(List<? extends @Nullable Object> row) {
    List<@Nullable Object> encoded = new ArrayList<>(row.size());
    for (Object value : row) {
      encoded.add(encode(value));
    }
    return encoded;
  }

  /**
   * A stored value from JSON that was parsed as a tree; a boolean counts as 0 or 1.
   *
   * @throws ShardstreamException INVALID_ARGUMENT for any other JSON
   */
  public static @Nullable Object decode(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue() ? 1L : 0L;
    }
    try {
      if (node.has("b")) {
        return Base64.getDecoder().decode(node.get("b").asText());
      }
      if (node.has("r")) {
        return Double.valueOf(node.get("r").asText());
      }
    } catch (IllegalArgumentException malformed) {
      throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "no value: " + node)
          .causedBy(malformed);
    }
    throw new ShardstreamException(ErrorCode.INVALID_ARGUMENT, "no value: " + node);
  }
}
