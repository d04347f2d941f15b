package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.KeySample;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The shard keys that the sources of reshards have named and that nobody has used yet. */
final class Samples {
  private final Map<String, SortedMap<Integer, KeySample>> byReshard = new HashMap<>();

  /** Whether a decision is about samples; it is applied then. */
  boolean apply(Decision decision) {
    if (decision instanceof Decision.SampleStored stored) {
      byReshard
          .computeIfAbsent(stored.changeLogId(), id -> new TreeMap<>())
          .put(stored.sample().getShardId(), stored.sample());
    } else if (decision instanceof Decision.SampleGone gone) {
      byReshard.computeIfPresent(
          gone.changeLogId(),
          (id, samples) -> {
            samples.remove(gone.shardId());
            return samples.isEmpty() ? null : samples;
          });
    } else {
      return false;
    }
    return true;
  }

  /** What the sources of a reshard have named, by shard. */
  SortedMap<Integer, KeySample> of(String changeLogId) {
    return Collections.unmodifiableSortedMap(
        byReshard.getOrDefault(changeLogId, Collections.emptySortedMap()));
  }
}
