package dev.shardstream.schemas.snapshot;

import dev.shardstream.schemas.event.KeyRange;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A slice of a snapshot, as its manifest has it.
 *
 * @param virtualShard 0 to 255
 * @param from RANGE table: the least shard key in it, Base64 of the ordered key; null for no bound
 * @param to RANGE table: the least shard key beyond it; null for no bound
 * @param partition of the table's log
 * @param position the first offset whose change may not be in it
 * @param lastPosition the first offset whose change is not in it: another one than {@code position}
 *     only when the parts of a RANGE table's shard were at different places
 * @param rows rows in it
 * @param digest {@link RowsDigest#text()} of them
 * @param bytes length of the file
 * @param sha256 of the file, hexadecimal
 * @param file its key below the snapshot's
 */
public record SnapshotSlice(
    int virtualShard,
    @Nullable String from,
    @Nullable String to,
    int partition,
    long position,
    long lastPosition,
    long rows,
    String digest,
    long bytes,
    String sha256,
    String file) {

  /** The shard keys in it. */
  public KeyRange range() {
    return new KeyRange(decoded(from), decoded(to));
  }

  private static @Nullable ByteBuffer decoded(@Nullable String bound) {
    return bound == null ? null : ByteBuffer.wrap(Base64.getDecoder().decode(bound));
  }

  static @Nullable String encoded(@Nullable ByteBuffer bound) {
    return bound == null ? null : Base64.getEncoder().encodeToString(bytes(bound));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
