package dev.shardstream.schemas.snapshot;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a set of rows is, whatever log they came by and in whichever order they are read: their
 * count, and the sum modulo 2^128 of a hash of each row, which is the first half of SHA-256 over
 * its values in the table's order, each with its type. A sum, not XOR: a row that is there twice
 * must not cancel itself out. The digest of two sets together is the sum of theirs.
 *
 * @param rows how many
 * @param sum 0 to 2^128 - 1
 */
public record RowsDigest(long rows, BigInteger sum) {
  /** Of no rows. */
  public static final RowsDigest NONE = new RowsDigest(0, BigInteger.ZERO);

  private static final int BYTES = 16;
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(BYTES * 8);

  /**
   * The digest of one row.
   *
   * @param values as SQLite gives them: null, Integer, Long, Double, String or byte[]
   */
  public static RowsDigest of(List<? extends @Nullable Object> values) {
    MessageDigest sha = sha256();
    for (Object value : values) {
      add(sha, value);
    }
    byte[] half = new byte[BYTES];
    System.arraycopy(sha.digest(), 0, half, 0, BYTES);
    return new RowsDigest(1, new BigInteger(1, half));
  }

  private static void add(MessageDigest sha, @Nullable Object value) {
    if (value == null) {
      sha.update((byte) 0);
    } else if (value instanceof Integer || value instanceof Long) {
      number(sha, 1, ((Number) value).longValue());
    } else if (value instanceof Double real) {
      number(sha, 2, Double.doubleToRawLongBits(real));
    } else if (value instanceof String text) {
      bytes(sha, 3, text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof byte[] blob) {
      bytes(sha, 4, blob);
    } else {
      throw new IllegalStateException("SQLite gave a " + value.getClass());
    }
  }

  private static void number(MessageDigest sha, int type, long value) {
    sha.update(ByteBuffer.allocate(9).put((byte) type).putLong(value).flip());
  }

  private static void bytes(MessageDigest sha, int type, byte[] value) {
    sha.update(ByteBuffer.allocate(5).put((byte) type).putInt(value.length).flip());
    sha.update(value);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The digest of both sets of rows together. */
  public RowsDigest plus(RowsDigest other) {
    return new RowsDigest(rows + other.rows, sum.add(other.sum).mod(MODULUS));
  }

  /** The sum as 32 hexadecimal digits. */
  public String text() {
    byte[] bytes = new byte[BYTES];
    byte[] number = sum.toByteArray();
    int from = Math.max(0, number.length - BYTES);
    System.arraycopy(number, from, bytes, BYTES - (number.length - from), number.length - from);
    return HexFormat.of().formatHex(bytes);
  }
}
