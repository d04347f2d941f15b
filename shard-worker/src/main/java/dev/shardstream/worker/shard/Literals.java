package dev.shardstream.worker.shard;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Stored values as SQL text, for the few places where SQLite takes no parameter. SQLite reads every
 * literal back as exactly the value that it was made of.
 */
final class Literals {
  private Literals() {}

  /**
   * @param value a stored value: null, Long, Double that is not NaN, String or byte[]
   */
  static String of(@Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof Double real) {
      return real.isInfinite() ? (real > 0 ? "9e999" : "-9e999") : real.toString();
    }
    if (value instanceof String text) {
      // A statement ends at a NUL character (https://sqlite.org/nulinstr.html).
      return text.indexOf('\0') < 0
          ? "'" + text.replace("'", "''") + "'"
          : "(CAST(" + of(text.getBytes(StandardCharsets.UTF_8)) + " AS TEXT))";
    }
    if (value instanceof byte[] bytes) {
      return "x'" + HexFormat.of().formatHex(bytes) + "'";
    }
    return Long.toString((Long) value);
  }
}
