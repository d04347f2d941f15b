package dev.shardstream.streams.reshard;

import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPhase;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.streams.state.ReshardBook;
import java.util.ArrayList;
import java.util.List;

/** Moves a reshard from phase to phase and keeps the times. */
final class Phases {
  private Phases() {}

  /**
   * The reshard after an event; the caller sets what else changes and emits it.
   *
   * @param now milliseconds since the epoch
   * @throws IllegalStateException when the event cannot happen in the reshard's phase
   */
  static Reshard.Builder after(Reshard reshard, ReshardEvent event, long now) {
    ReshardStatus next =
        ReshardTransition.next(reshard.getStatus(), event)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        event + " cannot happen in " + reshard.getStatus() + ": " + reshard));
    List<ReshardPhase> phases = new ArrayList<>(reshard.getPhases());
    int last = phases.size() - 1;
    phases.set(last, ReshardPhase.newBuilder(phases.get(last)).setFinishedAt(now).build());
    phases.add(new ReshardPhase(next, now, ReshardBook.isEnd(next) ? now : null));
    return Reshard.newBuilder(reshard).setStatus(next).setUpdatedAt(now).setPhases(phases);
  }

  /** When the phase that a reshard is in began, milliseconds since the epoch. */
  static long currentSince(Reshard reshard) {
    return reshard.getPhases().get(reshard.getPhases().size() - 1).getStartedAt();
  }
}
