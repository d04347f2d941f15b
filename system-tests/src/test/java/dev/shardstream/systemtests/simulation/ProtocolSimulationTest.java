package dev.shardstream.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The whole protocol under everything that may happen. A failure names its seed; {@code -Dseed=…}
 * runs that one alone, {@code -Dseeds=…} so many.
 */
class ProtocolSimulationTest {
  static final long FIRST = 20_261_121;
  private static final int SEEDS = Integer.getInteger("seeds", 2_000);

  @Test
  void no_schedule_breaks_an_invariant() {
    String one = System.getProperty("seed");
    LongStream seeds =
        one == null
            ? LongStream.range(FIRST, FIRST + SEEDS).parallel()
            : LongStream.of(Long.parseLong(one));
    Map<String, Integer> seen =
        seeds
            .mapToObj(seed -> ProtocolSimulation.run(seed, Set.of()).counts())
            .reduce(Map.of(), ProtocolSimulationTest::sum);
    seen.forEach((what, count) -> System.out.println(count + " " + what));
    assertThat(seen).as("what happened").isNotEmpty();
  }

  static Map<String, Integer> sum(Map<String, Integer> one, Map<String, Integer> other) {
    Map<String, Integer> sum = new TreeMap<>(one);
    other.forEach((what, count) -> sum.merge(what, count, Integer::sum));
    return sum;
  }
}
