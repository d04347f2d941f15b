package dev.shardstream.streams.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The decisions that follow from one event. Each is applied as it is made, so that the next one in
 * the same turn sees it; a state that is rebuilt from the decisions is the same.
 */
public final class Turn {
  private final DatabaseState state;
  private final Moment moment;
  private final Limits limits;
  private final List<Decision> decisions = new ArrayList<>();

  public Turn(DatabaseState state, Moment moment, Limits limits) {
    this.state = state;
    this.moment = moment;
    this.limits = limits;
  }

  public void emit(Decision decision) {
    state.apply(decision);
    decisions.add(decision);
  }

  public DatabaseState state() {
    return state;
  }

  /** Milliseconds since the epoch, the same throughout the turn. */
  public long now() {
    return moment.now();
  }

  public Cluster cluster() {
    return moment.cluster();
  }

  /** Ids of the nodes that new shards of this database may be put on. */
  public List<String> placeable() {
    Set<String> drained = state.movements().drained();
    return cluster().placeable(limits).stream().filter(id -> !drained.contains(id)).toList();
  }

  public Limits limits() {
    return limits;
  }

  /** What was decided so far, in order. */
  public List<Decision> decisions() {
    return Collections.unmodifiableList(decisions);
  }
}
