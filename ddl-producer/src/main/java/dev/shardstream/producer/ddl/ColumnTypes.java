package dev.shardstream.producer.ddl;

import dev.shardstream.schemas.catalog.ColumnDefinitions;
import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.TypeName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Types as users write them, and defaults in the form that the catalog takes. */
public final class ColumnTypes {
  private static final Pattern TYPE =
      Pattern.compile("([A-Za-z][A-Za-z0-9 ]*?)\\s*(?:\\(\\s*(\\d{1,9})\\s*\\))?");

  private ColumnTypes() {}

  /**
   * A type with its length.
   *
   * @param length of VARCHAR, in code points; null for none
   */
  public record ColumnType(TypeName name, @Nullable Integer length) {}

  /**
   * The type of that text, like {@code bigint} or {@code VARCHAR(20)}; empty when there is none.
   */
  public static Optional<ColumnType> parse(String text) {
    Matcher matcher = TYPE.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String words = matcher.group(1).replaceAll("\\s+", " ");
    Integer length = matcher.group(2) == null ? null : Integer.valueOf(matcher.group(2));
    return dev.shardstream.producer.sql.TypeName.of(words)
        .map(name -> TypeName.valueOf(name.name()))
        .filter(name -> length == null || name == TypeName.VARCHAR && length > 0)
        .map(name -> new ColumnType(name, length));
  }

  /** A column's type as SQL, like {@code VARCHAR(20)}. */
  public static String text(Column column) {
    return text(column.getType(), column.getLength());
  }

  static String text(TypeName type, @Nullable Integer length) {
    return length == null ? type.name() : type + "(" + length + ")";
  }

  /**
   * The column with a default.
   *
   * @param value what the user gave, null for none
   * @param text the default as the user wrote it, for the error
   * @throws ShardstreamException UNSUPPORTED_DEFAULT when the column cannot hold it
   */
  static ColumnDefinition withDefault(
      ColumnDefinition definition, @Nullable Object value, String text) {
    if (value == null) {
      return definition;
    }
    return new ColumnDefinition(
        definition.getName(),
        definition.getType(),
        definition.getLength(),
        definition.getNullable(),
        ColumnDefinitions.storedDefault(definition, value)
            .orElseThrow(() -> unsupportedDefault(definition, text)));
  }

  static ShardstreamException unsupportedDefault(ColumnDefinition definition, String text) {
    return new ShardstreamException(
        ErrorCode.UNSUPPORTED_DEFAULT,
        definition.getName(),
        text(definition.getType(), definition.getLength()),
        text);
  }
}
