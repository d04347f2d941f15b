package dev.shardstream.streams.livequery;

import dev.shardstream.schemas.event.LiveQuery;
import dev.shardstream.schemas.event.LiveQueryState;
import dev.shardstream.streams.record.WatchedQuery;
import dev.shardstream.streams.state.Decision;
import dev.shardstream.streams.state.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears the signs of life of live queries. One that was silent for too long does not count until it
 * is heard of again; one that was killed never counts again, whatever its subscriber still sends.
 */
public final class LiveQueryWatch {
  /** Nobody sends signs of life for so long after a kill without having seen it, milliseconds. */
  private static final long KILL_REMEMBERED = 24 * 60 * 60 * 1000L;

  private LiveQueryWatch() {}

  /**
   * @param key of the record: database, slash, id of the query
   * @param query null when its subscriber has ended it
   */
  public static void heard(Turn turn, String key, @Nullable LiveQuery query) {
    String id = key.substring(key.indexOf('/') + 1);
    if (query == null) {
      if (turn.state().watchedQuery(id).isPresent()) {
        turn.emit(new Decision.LiveQueryGone(id));
      }
    } else if (isOwn(turn, id, query) && !isKilled(turn, id)) {
      boolean killed = query.getState() == LiveQueryState.KILLED;
      turn.emit(
          new Decision.LiveQueryStored(
              new WatchedQuery(id, query.getTableId(), query.getColumns(), killed, turn.now())));
    }
  }

  private static boolean isOwn(Turn turn, String id, LiveQuery query) {
    return query.getId().equals(id) && query.getDatabase().equals(turn.state().database());
  }

  private static boolean isKilled(Turn turn, String id) {
    return turn.state().watchedQuery(id).filter(WatchedQuery::getKilled).isPresent();
  }

  /** Forgets those that have been silent for too long. */
  public static void expire(Turn turn) {
    for (WatchedQuery watched : List.copyOf(turn.state().watchedQueries())) {
      long patience = watched.getKilled() ? KILL_REMEMBERED : turn.limits().liveQueryTimeout();
      if (turn.now() - watched.getHeardAt() >= patience) {
        turn.emit(new Decision.LiveQueryGone(watched.getId()));
      }
    }
  }
}
