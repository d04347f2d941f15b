package dev.shardstream.producer.cli;

import dev.shardstream.producer.ddl.ColumnTypes;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.StoredValues;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stored values as text in CSV and back, by the column's type. What {@link #text} writes, {@link
 * #parse} reads as the same value; nothing is rounded, cut or guessed.
 */
final class CellValues {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,5})?");
  private static final Pattern INFINITY = Pattern.compile("[+-]?Infinity");
  private static final Pattern BLOB = Pattern.compile("[xX]'(([0-9a-fA-F]{2})*)'");
  private static final int LONGEST_SHOWN = 60;

  private CellValues() {}

  /** The text of a stored value; null for NULL. */
  static @Nullable String text(Column column, @Nullable Object value) {
    if (value instanceof Double real && column.getType() == TypeName.FLOAT) {
      return Float.toString(real.floatValue());
    }
    return text(value);
  }

  /** The text of a stored value whose column is not known; null for NULL. */
  static @Nullable String text(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return "x'" + HexFormat.of().formatHex(bytes) + "'";
    }
    return value == null ? null : value.toString();
  }

  /**
   * The stored value of a field; null for NULL. Blanks around a value that is no text do not count,
   * and a value that is no text and empty is NULL, in quotes or not.
   *
   * @param table name of the table, for the error
   * @param field null where there is nothing, not even quotes
   * @throws ShardstreamException TYPE
   */
  static @Nullable Object parse(String table, Column column, @Nullable String field) {
    boolean isText = column.getType() == TypeName.TEXT || column.getType() == TypeName.VARCHAR;
    if (field == null || !isText && field.isBlank()) {
      return null;
    }
    String text = isText ? field : field.strip();
    Object value = value(column.getType(), text);
    if (value == null) {
      throw mismatch(table, column, field);
    }
    return StoredValues.store(column, value).orElseThrow(() -> mismatch(table, column, field));
  }

  private static @Nullable Object value(TypeName type, String text) {
    return switch (type) {
      case INTEGER, BIGINT -> integer(text);
      case FLOAT, DOUBLE -> real(type, text);
      case BOOLEAN -> truth(text);
      case TEXT, VARCHAR, DATE, TIMESTAMP -> text;
      case BLOB -> blob(text);
    };
  }

  /** Also 12.0 and 1.2e1, which other programs write for 12. */
  private static @Nullable Long integer(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return null;
    }
    try {
      return new BigDecimal(text).longValueExact();
    } catch (ArithmeticException notThatInteger) {
      return null;
    }
  }

  private static @Nullable Double real(TypeName type, String text) {
    if (INFINITY.matcher(text).matches()) {
      return Double.valueOf(text);
    }
    if (!NUMBER.matcher(text).matches()) {
      return null;
    }
    double real = type == TypeName.FLOAT ? Float.parseFloat(text) : Double.parseDouble(text);
    return Double.isInfinite(real) ? null : (Double) real;
  }

  private static @Nullable Object truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "t", "1" -> 1L;
      case "false", "f", "0" -> 0L;
      default -> null;
    };
  }

  private static byte @Nullable [] blob(String text) {
    var matcher = BLOB.matcher(text);
    return matcher.matches() ? HexFormat.of().parseHex(matcher.group(1)) : null;
  }

  private static ShardstreamException mismatch(String table, Column column, String text) {
    String shown = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    return new ShardstreamException(
        ErrorCode.TYPE,
        column.getName(),
        table,
        ColumnTypes.text(column),
        "'" + shown.replace("'", "''") + "'");
  }
}
