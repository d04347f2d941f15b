package dev.shardstream.producer.query;

import dev.shardstream.schemas.catalog.KeyRanges;
import dev.shardstream.schemas.contract.OrderedKey;
import dev.shardstream.schemas.event.KeyRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shard keys of which a statement can find rows. */
sealed interface ShardKeys {
  /** Every key. */
  record Any() implements ShardKeys {}

  /**
   * Some whole keys.
   *
   * @param keys stored values in the key's column order; none if no row can be found
   */
  record Listed(List<List<Object>> keys) implements ShardKeys {
    public Listed {
      keys = List.copyOf(keys);
    }
  }

  /** The keys of a RANGE table that lie in one of some stretches. */
  record Within(List<Stretch> stretches) implements ShardKeys {
    public Within {
      stretches = List.copyOf(stretches);
    }

    /** Whether some of the keys can be in a range. */
    boolean meet(KeyRange range) {
      byte @Nullable [] from = range.getFrom() == null ? null : KeyRanges.bytes(range.getFrom());
      byte @Nullable [] to = range.getTo() == null ? null : KeyRanges.bytes(range.getTo());
      return stretches.stream().anyMatch(stretch -> stretch.meets(from, to));
    }
  }

  /**
   * Keys that follow each other, with at least one between the bounds.
   *
   * @param from bytes that come before none of the keys, as {@link OrderedKey} orders them
   * @param to bytes that come behind all of them; null for no bound
   */
  record Stretch(byte[] from, byte @Nullable [] to) {
    boolean meets(byte @Nullable [] low, byte @Nullable [] high) {
      return (to == null || low == null || OrderedKey.compare(low, to) < 0)
          && (high == null || OrderedKey.compare(from, high) < 0);
    }
  }
}
