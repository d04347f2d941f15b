package dev.shardstream.schemas.row;

import dev.shardstream.schemas.event.Column;
import dev.shardstream.schemas.event.TypeName;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A column as properties of its field in the row schema: {@code columnId}, {@code sqlType}, {@code
 * length}, {@code notNull} and {@code columnDefault}. A default is written as text: an integer in
 * decimal, a real as Java prints it, bytes in hexadecimal, anything else as it is.
 */
final class ColumnProperties {
  private static final String COLUMN_ID = "columnId";
  private static final String SQL_TYPE = "sqlType";
  private static final String LENGTH = "length";
  private static final String NOT_NULL = "notNull";
  private static final String DEFAULT = "columnDefault";

  private ColumnProperties() {}

  static void write(Column column, Schema.Field field) {
    field.addProp(COLUMN_ID, column.getId());
    field.addProp(SQL_TYPE, column.getType().name());
    if (column.getLength() != null) {
      field.addProp(LENGTH, column.getLength());
    }
    if (!column.getNullable()) {
      field.addProp(NOT_NULL, true);
    }
    Object byDefault = StoredValues.ofDefault(column);
    if (byDefault != null) {
      field.addProp(DEFAULT, text(byDefault));
    }
  }

  /**
   * @throws RuntimeException when the properties describe no column
   */
  static Column read(Schema.Field field) {
    TypeName type = TypeName.valueOf((String) field.getObjectProp(SQL_TYPE));
    return new Column(
        integer(field, COLUMN_ID),
        field.name(),
        type,
        field.getObjectProp(LENGTH) == null ? null : (Integer) integer(field, LENGTH),
        !Boolean.TRUE.equals(field.getObjectProp(NOT_NULL)),
        value(type, (String) field.getObjectProp(DEFAULT)),
        null,
        null);
  }

  static int integer(JsonProperties properties, String name) {
    return ((Number) properties.getObjectProp(name)).intValue();
  }

  private static String text(Object stored) {
    return stored instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : stored.toString();
  }

  private static @Nullable Object value(TypeName type, @Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (type) {
      case INTEGER, BIGINT, BOOLEAN -> (Object) Long.valueOf(text);
      case FLOAT, DOUBLE -> Double.valueOf(text);
      case BLOB -> ByteBuffer.wrap(HexFormat.of().parseHex(text));
      case TEXT, VARCHAR, DATE, TIMESTAMP -> text;
    };
  }
}
