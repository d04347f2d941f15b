package dev.shardstream.worker.verify;

import java.nio.ByteBuffer;

/**
 * A number modulo 2^128. Hashes are added, never XORed: a row that is there twice must not cancel
 * itself out.
 */
public record Sum128(long high, long low) {
  /** The sum of no rows. */
  public static final Sum128 ZERO = new Sum128(0, 0);

  /** The sum, modulo 2^128. */
  public Sum128 plus(Sum128 other) {
    long sum = low + other.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new Sum128(high + other.high + carry, sum);
  }

  /** 16 bytes, big-endian. */
  public ByteBuffer bytes() {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).flip();
  }
}
