package dev.shardstream.streams.move;

import dev.shardstream.streams.record.Movement;
import dev.shardstream.streams.record.PlannedMove;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a drain or a rebalance does next.
 *
 * @param left shards that are not where they shall be, also those on their way; -1 before there is
 *     a plan
 * @param batches moves that can begin, each list of one table
 * @param waitsFor what has to be over before more can begin, null for nothing
 * @param obstacle why what would be next cannot be, null for nothing; it counts as a failure
 */
record NextMoves(
    int left,
    List<List<PlannedMove>> batches,
    @Nullable String waitsFor,
    @Nullable String obstacle) {
  /** Most shards that one reshard moves. */
  static final int MOST_PER_RESHARD = 4;

  /** Before there is a plan. */
  static NextMoves unknown(String waitsFor) {
    return new NextMoves(-1, List.of(), waitsFor, null);
  }

  static NextMoves waiting(int left, String waitsFor) {
    return new NextMoves(left, List.of(), waitsFor, null);
  }

  static NextMoves obstructed(int left, String obstacle) {
    return new NextMoves(left, List.of(), null, obstacle);
  }

  static NextMoves of(int left, List<List<PlannedMove>> batches) {
    return new NextMoves(left, batches, null, null);
  }

  /** How far it is, like {@code 3 shards are still on node 'a'; waits for …}. */
  String words(Movement movement) {
    List<String> words = new ArrayList<>();
    if (left >= 0) {
      String where =
          movement.getNodeId() == null ? "to be moved" : "on node '" + movement.getNodeId() + "'";
      words.add(left + (left == 1 ? " shard is still " : " shards are still ") + where);
    }
    if (waitsFor != null) {
      words.add("waits for " + waitsFor);
    }
    if (movement.getFailure() != null) {
      words.add("goes on after: " + movement.getFailure());
    }
    return String.join("; ", words);
  }
}
