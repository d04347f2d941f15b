package dev.shardstream.streams.state;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardStatus;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The reshards of a database: those that run, and of each table some that are at an end. */
public final class ReshardBook {
  private static final Set<ReshardStatus> ENDS =
      EnumSet.of(
          ReshardStatus.COMPLETE,
          ReshardStatus.FAILED,
          ReshardStatus.CANCELLED,
          ReshardStatus.ROLLED_BACK);

  private final SortedMap<String, Reshard> running = new TreeMap<>();
  private final Map<String, Reshard> ended = new HashMap<>();
  private final Map<String, SortedMap<String, Reshard>> endedByTable = new HashMap<>();

  ReshardBook() {}

  /** Whether nothing follows on a status. */
  public static boolean isEnd(ReshardStatus status) {
    return ENDS.contains(status);
  }

  void put(Reshard reshard) {
    String id = reshard.getChangeLogId();
    if (isEnd(reshard.getStatus())) {
      running.remove(id);
      ended.put(id, reshard);
      endedByTable.computeIfAbsent(reshard.getTableId(), t -> new TreeMap<>()).put(id, reshard);
    } else {
      running.put(id, reshard);
    }
  }

  void forget(String changeLogId) {
    Reshard forgotten = ended.remove(changeLogId);
    if (forgotten != null) {
      SortedMap<String, Reshard> ofTable = endedByTable.get(forgotten.getTableId());
      ofTable.remove(changeLogId);
      if (ofTable.isEmpty()) {
        endedByTable.remove(forgotten.getTableId());
      }
    }
  }

  Collection<Reshard> running() {
    return Collections.unmodifiableCollection(running.values());
  }

  Optional<Reshard> running(String changeLogId) {
    return Optional.ofNullable(running.get(changeLogId));
  }

  /** One that runs or is at an end and was not forgotten. */
  Optional<Reshard> find(String changeLogId) {
    return running(changeLogId).or(() -> Optional.ofNullable(ended.get(changeLogId)));
  }

  /** Those of a table that are at an end, the one that ended first in front. */
  List<Reshard> ended(String tableId) {
    return endedByTable.getOrDefault(tableId, Collections.emptySortedMap()).values().stream()
        .sorted(
            Comparator.comparingLong(Reshard::getUpdatedAt)
                .thenComparingLong(Reshard::getStartedAt)
                .thenComparing(Reshard::getChangeLogId))
        .toList();
  }
}
