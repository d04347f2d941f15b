package dev.shardstream.schemas.catalog;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.contract.ShardstreamException;
import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.row.StoredValues;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Columns as commands ask for them, made columns of the catalog. */
public final class ColumnDefinitions {
  /** SQLite's limit is 2,000; Avro, heartbeats and people suffer long before. */
  static final int MOST_COLUMNS = 500;

  private ColumnDefinitions() {}

  /**
   * The column with its default as SQLite stores it, which rows from before it have too.
   *
   * @throws ShardstreamException INVALID_ARGUMENT, UNSUPPORTED_DEFAULT
   */
  static Column column(ColumnDefinition definition, int id) {
    requireLength(definition.getName(), definition.getType(), definition.getLength());
    Column bare = withoutDefault(definition, id);
    Object value = defaultValue(bare, definition.getDefaultValue());
    return new Column(
        id,
        bare.getName(),
        bare.getType(),
        bare.getLength(),
        bare.getNullable(),
        value,
        value,
        null);
  }

  private static Column withoutDefault(ColumnDefinition definition, int id) {
    return new Column(
        id,
        definition.getName(),
        definition.getType(),
        definition.getLength(),
        definition.getNullable(),
        null,
        null,
        null);
  }

  /**
   * A default as the catalog keeps it: as SQLite stores it.
   *
   * @param definition its own default does not count
   * @param given a stored value, or bytes
   * @return empty when the column cannot hold it
   */
  public static Optional<Object> storedDefault(ColumnDefinition definition, Object given) {
    return stored(withoutDefault(definition, 1), given);
  }

  private static Optional<Object> stored(Column column, Object given) {
    return StoredValues.store(column, given instanceof CharSequence ? given.toString() : given)
        .map(value -> value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
  }

  /**
   * @throws ShardstreamException INVALID_ARGUMENT unless only a VARCHAR has a length
   */
  static void requireLength(String column, TypeName type, @Nullable Integer length) {
    if (length != null && (type != TypeName.VARCHAR || length < 1)) {
      throw new ShardstreamException(
          ErrorCode.INVALID_ARGUMENT,
          "column '"
              + column
              + "': only VARCHAR has a length, of at least 1, not "
              + type
              + "("
              + length
              + ")");
    }
  }

  /**
   * A default as the catalog keeps it: as SQLite stores it.
   *
   * @throws ShardstreamException UNSUPPORTED_DEFAULT when the column cannot hold it
   */
  static @Nullable Object defaultValue(Column column, @Nullable Object given) {
    return given == null
        ? null
        : stored(column, given)
            .orElseThrow(
                () ->
                    new ShardstreamException(
                        ErrorCode.UNSUPPORTED_DEFAULT, column.getName(), column.getType(), given));
  }
}
