package dev.shardstream.streams.state;

import dev.shardstream.streams.record.DrainedNode;
import dev.shardstream.streams.record.Movement;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The nodes that take no new shards of a database, and the drains and rebalances that are not at
 * their end.
 */
public final class Movements {
  private final SortedMap<String, DrainedNode> drained = new TreeMap<>();
  private final SortedMap<String, Movement> running = new TreeMap<>();

  Movements() {}

  /** Whether a decision is about movements; it is applied then. */
  boolean apply(Decision decision) {
    if (decision instanceof Decision.NodeDrained stored) {
      drained.put(stored.node().getNodeId(), stored.node());
    } else if (decision instanceof Decision.NodeUndrained gone) {
      drained.remove(gone.nodeId());
    } else if (decision instanceof Decision.MovementStored stored) {
      running.put(stored.movement().getCommandId(), stored.movement());
    } else if (decision instanceof Decision.MovementGone gone) {
      running.remove(gone.commandId());
    } else {
      return false;
    }
    return true;
  }

  /** Ids of the nodes that take no new shards of this database until somebody says otherwise. */
  public Set<String> drained() {
    return Collections.unmodifiableSet(drained.keySet());
  }

  /** Drains and rebalances that are not at their end, in the order of the log. */
  public List<Movement> running() {
    return running.values().stream().sorted(Comparator.comparing(Movement::getNumber)).toList();
  }
}
