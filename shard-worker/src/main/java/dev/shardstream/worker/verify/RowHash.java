package dev.shardstream.worker.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.codec.digest.MurmurHash3;
import org.jspecify.annotations.Nullable;

/**
 * The 128-bit hash of a row: MurmurHash3 x64 over the virtual shard and, per value, one type byte
 * and the value's bytes, so that 1, 1.0, '1' and x'31' all differ.
 *
 * <pre>
 * NULL     0x00
 * INTEGER  0x01  8 bytes big-endian
 * REAL     0x02  8 bytes big-endian IEEE 754, as it is: -0.0 is not 0.0
 * TEXT     0x03  4 bytes length, UTF-8
 * BLOB     0x04  4 bytes length, the bytes
 * </pre>
 *
 * Reusable: {@link #start}, the values, {@link #finish}. Not safe for several threads.
 */
public final class RowHash {
  private byte[] buffer = new byte[512];
  private int length;

  /** Begins the hash of a row of a virtual shard. */
  public void start(int virtualShard) {
    length = 0;
    number(0x05, virtualShard);
  }

  /**
   * @param value as SQLite gives it: null, Integer, Long, Double, String or byte[]
   */
  public void add(@Nullable Object value) {
    if (value == null) {
      room(1);
      buffer[length++] = 0;
    } else if (value instanceof Integer || value instanceof Long) {
      number(0x01, ((Number) value).longValue());
    } else if (value instanceof Double real) {
      number(0x02, Double.doubleToRawLongBits(real));
    } else if (value instanceof String text) {
      bytes(0x03, text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof byte[] blob) {
      bytes(0x04, blob);
    } else {
      throw new IllegalStateException("SQLite gave a " + value.getClass());
    }
  }

  /** The hash of what was added. */
  public Sum128 finish() {
    long[] hash = MurmurHash3.hash128x64(buffer, 0, length, 0);
    return new Sum128(hash[0], hash[1]);
  }

  private void number(int tag, long value) {
    room(9);
    buffer[length] = (byte) tag;
    ByteBuffer.wrap(buffer, length + 1, 8).putLong(value);
    length += 9;
  }

  private void bytes(int tag, byte[] value) {
    room(5 + value.length);
    buffer[length] = (byte) tag;
    ByteBuffer.wrap(buffer, length + 1, 4).putInt(value.length);
    System.arraycopy(value, 0, buffer, length + 5, value.length);
    length += 5 + value.length;
  }

  private void room(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
