package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.ShardDigests;
import dev.shardstream.streams.record.VerifyRound;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The running verifies, and the digests that came in for them. */
final class Verifies {
  private final SortedMap<String, VerifyRound> rounds = new TreeMap<>();
  private final SortedMap<String, ShardDigests> digests = new TreeMap<>();

  /** The reshard whose verify is another one from here on; empty for other decisions. */
  Optional<String> apply(Decision decision) {
    if (decision instanceof Decision.RoundStored stored) {
      rounds.put(stored.round().getChangeLogId(), stored.round());
      return Optional.of(stored.round().getChangeLogId());
    } else if (decision instanceof Decision.RoundGone gone) {
      rounds.remove(gone.changeLogId());
      return Optional.of(gone.changeLogId());
    }
    return Optional.empty();
  }

  /** Takes in digests, or that they are gone; other decisions are not about verifies. */
  void absorb(Decision decision) {
    if (decision instanceof Decision.DigestsStored stored) {
      digests.put(stored.key(), stored.digests());
    } else if (decision instanceof Decision.DigestsGone gone) {
      digests.remove(gone.key());
    }
  }

  Optional<VerifyRound> round(String changeLogId) {
    return Optional.ofNullable(rounds.get(changeLogId));
  }

  /** Digests received for a fence, by key. */
  SortedMap<String, ShardDigests> digests(String fenceId) {
    return Collections.unmodifiableSortedMap(digests.subMap(fenceId + "/", fenceId + "0"));
  }
}
