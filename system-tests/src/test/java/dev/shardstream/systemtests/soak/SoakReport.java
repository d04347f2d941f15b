package dev.shardstream.systemtests.soak;

import java.util.Map;
import java.util.TreeMap;

/** What a soak has counted. */
final class SoakReport {
  private final Map<String, Integer> ends = new TreeMap<>();
  private final Map<String, Integer> faults = new TreeMap<>();
  private final Map<String, Integer> acts = new TreeMap<>();
  private int rounds;
  private long writes;
  private long reads;
  private long unavailable;

  void add(SoakRound.Outcome outcome) {
    rounds++;
    writes += outcome.writes();
    reads += outcome.reads();
    unavailable += outcome.unavailableReads();
    ends.merge(outcome.status(), 1, Integer::sum);
    outcome.faults().forEach(fault -> faults.merge(fault.name(), 1, Integer::sum));
    outcome.acts().forEach(act -> acts.merge(act, 1, Integer::sum));
  }

  @Override
  public String toString() {
    return "%d rounds, ends %s; %d writes acknowledged and compared, %d reads right, %d while what"
            .formatted(rounds, ends, writes, reads, unavailable)
        + " they needed was away; faults "
        + faults
        + "; acts of the operator "
        + acts;
  }
}
