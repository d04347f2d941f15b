package dev.shardstream.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * As many seeds as time allows: {@code ./mvnw -Psoak -Dsoak.minutes=30}. {@code -Dsoak.seed=…} says
 * where it begins.
 */
class SimulationSoak {
  private static final int AT_ONCE = 500;

  @Test
  void no_schedule_breaks_an_invariant_for_as_long_as_time_allows() {
    long first = Long.getLong("soak.seed", System.currentTimeMillis());
    Duration patience = Duration.ofMinutes(Integer.getInteger("soak.minutes", 10));
    long deadline = System.nanoTime() + patience.toNanos();
    long seed = first;
    Map<String, Integer> seen = new TreeMap<>();
    while (System.nanoTime() < deadline) {
      LongStream.range(seed, seed + AT_ONCE)
          .parallel()
          .mapToObj(one -> ProtocolSimulation.run(one, Set.of()).counts())
          .reduce(ProtocolSimulationTest::sum)
          .orElseThrow()
          .forEach((what, count) -> seen.merge(what, count, Integer::sum));
      seed += AT_ONCE;
    }
    System.out.println((seed - first) + " seeds from " + first + " on");
    seen.forEach((what, count) -> System.out.println(count + " " + what));
    assertThat(seed).isGreaterThan(first);
  }
}
