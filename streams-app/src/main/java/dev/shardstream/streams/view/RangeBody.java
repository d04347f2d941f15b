package dev.shardstream.streams.view;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Shard keys in order.
 *
 * @param from the least key in it, as SQL writes its values; null for no bound
 * @param to the least key beyond it; null for no bound
 */
public record RangeBody(@Nullable String from, @Nullable String to) {
  static RangeBody of(KeyRange range) {
    return new RangeBody(text(range.getFrom()), text(range.getTo()));
  }

  private static @Nullable String text(@Nullable ByteBuffer bound) {
    return bound == null ? null : Tables.keyText(OrderedKey.values(KeyRanges.bytes(bound)));
  }
}
