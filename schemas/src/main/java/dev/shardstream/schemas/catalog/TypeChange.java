package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.TypeName;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which type may follow which. Only widenings are possible: every value that is there, and every
 * change that is still under way, must be one of the wider type too, stored in the same way.
 *
 * @param type SQL type
 * @param length longest VARCHAR in code points; null for none and for every other type
 */
record TypeChange(TypeName type, @Nullable Integer length) {
  private static final Map<TypeName, TypeName> WIDER =
      new EnumMap<>(
          Map.of(
              TypeName.INTEGER, TypeName.BIGINT,
              TypeName.FLOAT, TypeName.DOUBLE,
              TypeName.VARCHAR, TypeName.TEXT));

  static TypeChange of(Column column) {
    return new TypeChange(column.getType(), column.getLength());
  }

  /**
   * @throws ShardstreamException TYPE_NARROWING, INCOMPATIBLE_TYPE unless every value of this type
   *     is one of the next
   */
  void requireWidening(TypeChange next) {
    if (!equals(next) && !isWidenedBy(next)) {
      ErrorCode code =
          next.isWidenedBy(this) ? ErrorCode.TYPE_NARROWING : ErrorCode.INCOMPATIBLE_TYPE;
      boolean lengths = isText() && next.isText();
      throw new ShardstreamException(code, text(lengths), next.text(lengths));
    }
  }

  private boolean isWidenedBy(TypeChange next) {
    if (type == TypeName.VARCHAR && next.type == TypeName.VARCHAR) {
      return next.length == null || length != null && length <= next.length;
    }
    return WIDER.get(type) == next.type;
  }

  private boolean isText() {
    return type == TypeName.VARCHAR || type == TypeName.TEXT;
  }

  private String text(boolean withLength) {
    String name = type == TypeName.INTEGER ? "INT" : type.name();
    return withLength && length != null ? name + "(" + length + ")" : name;
  }
}
