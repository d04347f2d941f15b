package dev.shardstream.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The whole protocol under everything that may happen. A failure names its seed; {@code -Dseed=…}
 * runs that one alone, {@code -Dseeds=…} so many and tells what they have seen.
 */
class ProtocolSimulationTest {
  static final long FIRST = 20_261_121;

  private static final int SEEDS = 2_000;
  private static final int OFTEN = 50;

  /** What has to have happened often, or nothing was tested. */
  private static final List<String> WANTED =
      List.of(
          "RESHARD COMPLETE",
          "RANGE RESHARD COMPLETE",
          "RANGE MOVE COMPLETE",
          "RESHARD FAILED",
          "RESHARD CANCELLED",
          "RESHARD ROLLED_BACK",
          "REPAIRED",
          "MOVE COMPLETE",
          "REPLICATE COMPLETE",
          "OWNER PROMOTED",
          "SET_REPLICAS APPLIED",
          "VERIFY COMPLETE",
          "DRAIN_NODE APPLIED",
          "ALTER_COLUMN_NULLABILITY APPLIED",
          "control plane killed",
          "node frozen",
          "node killed",
          "node without power",
          "node lost for good",
          "node without replicas lost for good",
          "disk lost",
          "made anew and serving",
          "rest without a lost node",
          "shards read from a replica",
          "rows damaged");

  @Test
  void no_schedule_breaks_an_invariant() {
    String one = System.getProperty("seed");
    int seeds = Integer.getInteger("seeds", SEEDS);
    Map<String, Integer> seen =
        (one == null
                ? LongStream.range(FIRST, FIRST + seeds).parallel()
                : LongStream.of(Long.parseLong(one)))
            .mapToObj(seed -> ProtocolSimulation.run(seed, Set.of()).counts())
            .reduce(Map.of(), ProtocolSimulationTest::sum);
    if (one == null && seeds >= SEEDS) {
      assertThat(WANTED)
          .allSatisfy(what -> assertThat(seen.getOrDefault(what, 0)).isGreaterThan(OFTEN));
    } else {
      seen.forEach((what, count) -> System.out.println(count + " " + what));
    }
  }

  static Map<String, Integer> sum(Map<String, Integer> one, Map<String, Integer> other) {
    Map<String, Integer> sum = new TreeMap<>(one);
    other.forEach((what, count) -> sum.merge(what, count, Integer::sum));
    return sum;
  }
}
