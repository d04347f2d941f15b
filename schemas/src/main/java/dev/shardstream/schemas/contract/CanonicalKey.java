package dev.shardstream.schemas.contract;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The bytes of a key, the same in every language: per column one type byte and the value as SQLite
 * stores it.
 *
 * <pre>
 * INTEGER  0x01  8 bytes big-endian two's complement
 * REAL     0x02  8 bytes big-endian IEEE 754; -0.0 counts as 0.0, because SQLite finds them equal
 * TEXT     0x03  4 bytes big-endian length in bytes, then UTF-8
 * BLOB     0x04  4 bytes big-endian length, then the bytes
 * </pre>
 *
 * It serves twice: over the shard key it chooses the virtual shard, over the primary key it is the
 * key of the log record.
 */
public final class CanonicalKey {
  private CanonicalKey() {}

  /**
   * @param values stored values in the key's column order: Long, Double, String or byte[], no null
   * @throws IllegalArgumentException for any other class or a null
   */
  public static byte[] of(List<?> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * values.size());
    for (Object value : values) {
      append(out, value);
    }
    return out.toByteArray();
  }

  private static void append(ByteArrayOutputStream out, Object value) {
    if (value instanceof Long number) {
      out.write(1);
      out.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
    } else if (value instanceof Double number) {
      out.write(2);
      out.writeBytes(ByteBuffer.allocate(8).putDouble(number == 0.0 ? 0.0 : number).array());
    } else if (value instanceof String text) {
      out.write(3);
      appendBytes(out, text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof byte[] bytes) {
      out.write(4);
      appendBytes(out, bytes);
    } else {
      throw new IllegalArgumentException("No key value: " + value);
    }
  }

  private static void appendBytes(ByteArrayOutputStream out, byte[] bytes) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }
}
