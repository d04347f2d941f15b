package dev.shardstream.producer.sql;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Writes values as SQL. The only place where text is quoted. */
public final class SqlText {
  private SqlText() {}

  /**
   * The stored value as a literal that SQLite and this grammar read back as the same value. SQLite
   * ends a statement at a NUL character, so a text that holds one is a blob cast to TEXT.
   *
   * @param value Long, Double, String, byte[] or null
   * @throws IllegalArgumentException for any other class, and for a NaN, which SQL cannot say
   */
  public static String literal(@Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof Long number) {
      return Long.toString(number);
    }
    if (value instanceof Double number) {
      return real(number);
    }
    if (value instanceof String text) {
      return text.indexOf('\0') < 0
          ? "'" + text.replace("'", "''") + "'"
          : "CAST(" + blob(text.getBytes(StandardCharsets.UTF_8)) + " AS TEXT)";
    }
    if (value instanceof byte[] bytes) {
      return blob(bytes);
    }
    throw new IllegalArgumentException("No stored value: " + value.getClass().getName());
  }

  private static String blob(byte[] bytes) {
    return "x'" + HexFormat.of().formatHex(bytes) + "'";
  }

  private static String real(double number) {
    if (Double.isNaN(number)) {
      throw new IllegalArgumentException("NaN has no literal");
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "9e999" : "-9e999";
    }
    return Double.toString(number);
  }
}
