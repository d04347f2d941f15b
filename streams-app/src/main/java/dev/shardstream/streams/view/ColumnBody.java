package dev.shardstream.streams.view;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.Column;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column.
 *
 * @param id stable, never used again in its table
 * @param name its name
 * @param type as SQL writes it, like {@code VARCHAR(20)}
 * @param nullable whether NULL is allowed
 * @param defaultValue as SQL writes it; null for none
 * @param comment null for none
 */
public record ColumnBody(
    int id,
    String name,
    String type,
    boolean nullable,
    @Nullable String defaultValue,
    @Nullable String comment) {

  static ColumnBody of(Column column) {
    Integer length = column.getLength();
    return new ColumnBody(
        column.getId(),
        column.getName(),
        length == null ? column.getType().name() : column.getType() + "(" + length + ")",
        column.getNullable(),
        literal(column.getDefaultValue()),
        column.getComment());
  }

  private static @Nullable String literal(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    Object plain = value instanceof CharSequence ? value.toString() : value;
    if (plain instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      plain = bytes;
    }
    return Tables.keyText(List.of(plain));
  }
}
