package dev.shardstream.streams.replay;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import dev.shardstream.schemas.event.KeySample;
import dev.shardstream.schemas.event.SampleKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shard keys where a shard that is empty can be split: no rows have them, but they compare with all
 * that is in the shard's range as keys do. Where a real one was split followed from its rows and
 * from no command.
 */
final class IdealKeys {
  /** Beyond a key's last column; every column begins with more. */
  private static final int BEYOND = 0;

  private IdealKeys() {}

  /** As many keys as parts were asked for need, evenly weighted. */
  static KeySample sample(SampleKeys asked, KeyRange range) {
    byte[] from = range.getFrom() == null ? new byte[0] : KeyRanges.bytes(range.getFrom());
    byte[] to = range.getTo() == null ? null : KeyRanges.bytes(range.getTo());
    int count = asked.getParts() - 1;
    while (!isLess(key(from, count), to)) {
      from = key(from, 0);
    }
    List<ByteBuffer> keys = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      keys.add(ByteBuffer.wrap(key(from, i)));
    }
    return new KeySample(asked.getShardId(), (long) asked.getParts(), keys, List.of());
  }

  private static boolean isLess(byte[] key, byte @Nullable [] to) {
    return to == null || OrderedKey.compare(key, to) < 0;
  }

  /** The n-th key that follows on a key and all that lie under earlier ones of these. */
  private static byte[] key(byte[] from, int n) {
    return ByteBuffer.allocate(from.length + 3)
        .put(from)
        .put((byte) BEYOND)
        .putShort((short) n)
        .array();
  }
}
