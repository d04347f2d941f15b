package dev.shardstream.schemas.contract;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes of a key that compare, unsigned, as SQLite compares its values under the collation BINARY:
 * what bounds the shards of a RANGE table. The bytes of a key's first columns come before those of
 * every key that begins with them.
 *
 * <pre>
 * INTEGER  0x01  8 bytes big-endian, the sign bit flipped
 * REAL     0x02  8 bytes big-endian IEEE 754: the sign bit flipped, or of a negative one all bits
 * TEXT     0x03  UTF-8, each 0x00 followed by 0xFF, and 0x00 0x01 at its end
 * BLOB     0x04  the same of its bytes
 * </pre>
 *
 * A column has values of one storage class, so INTEGER and REAL are never compared. -0.0 counts as
 * 0.0.
 */
public final class OrderedKey {
  private static final int INTEGER = 1;
  private static final int REAL = 2;
  private static final int TEXT = 3;
  private static final int BLOB = 4;

  private OrderedKey() {}

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
      out.write(INTEGER);
      appendLong(out, number ^ Long.MIN_VALUE);
    } else if (value instanceof Double number) {
      long bits = Double.doubleToLongBits(number == 0.0 ? 0.0 : number);
      out.write(REAL);
      appendLong(out, bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
    } else if (value instanceof String text) {
      out.write(TEXT);
      appendBytes(out, text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof byte[] bytes) {
      out.write(BLOB);
      appendBytes(out, bytes);
    } else {
      throw new IllegalArgumentException("No key value: " + value);
    }
  }

  private static void appendLong(ByteArrayOutputStream out, long bits) {
    out.writeBytes(ByteBuffer.allocate(8).putLong(bits).array());
  }

  private static void appendBytes(ByteArrayOutputStream out, byte[] bytes) {
    for (byte each : bytes) {
      out.write(each);
      if (each == 0) {
        out.write(0xFF);
      }
    }
    out.write(0);
    out.write(1);
  }

  /**
   * The values of a key, or of the first columns of one.
   *
   * @throws IllegalArgumentException for bytes that {@link #of} does not write
   */
  public static List<Object> values(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    List<Object> values = new ArrayList<>();
    try {
      while (in.hasRemaining()) {
        values.add(value(in));
      }
    } catch (java.nio.BufferUnderflowException e) {
      throw new IllegalArgumentException("No ordered key: " + Arrays.toString(key), e);
    }
    return values;
  }

  private static Object value(ByteBuffer in) {
    int type = in.get();
    return switch (type) {
      case INTEGER -> in.getLong() ^ Long.MIN_VALUE;
      case REAL -> {
        long bits = in.getLong();
        yield Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
      }
      case TEXT -> new String(bytes(in), StandardCharsets.UTF_8);
      case BLOB -> bytes(in);
      default -> throw new IllegalArgumentException("No type of a key value: " + type);
    };
  }

  private static byte[] bytes(ByteBuffer in) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte each = in.get(); ; each = in.get()) {
      if (each == 0 && in.get() == 1) {
        return out.toByteArray();
      }
      out.write(each);
    }
  }

  /** Less than, equal to or greater than 0, as the first key is to the other. */
  public static int compare(byte[] one, byte[] other) {
    return Arrays.compareUnsigned(one, other);
  }
}
