package dev.shardstream.streams.state;

import dev.shardstream.streams.record.WatchedQuery;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The live queries that are heard of or were killed. */
final class LiveQueries {
  private final SortedMap<String, WatchedQuery> queries = new TreeMap<>();

  /** Whether a decision is about live queries; it is applied then. */
  boolean apply(Decision decision) {
    if (decision instanceof Decision.LiveQueryStored stored) {
      queries.put(stored.watched().getId(), stored.watched());
    } else if (decision instanceof Decision.LiveQueryGone gone) {
      queries.remove(gone.id());
    } else {
      return false;
    }
    return true;
  }

  Optional<WatchedQuery> byId(String id) {
    return Optional.ofNullable(queries.get(id));
  }

  /** Those that run on a table, by id. */
  List<WatchedQuery> of(String tableId) {
    return queries.values().stream()
        .filter(q -> q.getTableId().equals(tableId) && !q.getKilled())
        .toList();
  }

  Collection<WatchedQuery> all() {
    return Collections.unmodifiableCollection(queries.values());
  }
}
