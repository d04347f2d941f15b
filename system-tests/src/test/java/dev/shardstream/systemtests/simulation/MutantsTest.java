package dev.shardstream.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation finds every bug that is planted in it, and finds none where there is none. */
class MutantsTest {
  /** Every one of them is among the seeds that {@link ProtocolSimulationTest} runs unmutated. */
  private static final int MOST_SEEDS = 1_000;

  @ParameterizedTest
  @EnumSource(Mutant.class)
  void a_planted_bug_is_found(Mutant mutant) {
    for (int i = 0; i < MOST_SEEDS; i++) {
      long seed = ProtocolSimulationTest.FIRST + i;
      try {
        ProtocolSimulation.run(seed, EnumSet.of(mutant));
      } catch (AssertionError found) {
        String what = String.valueOf(found.getMessage()).lines().findFirst().orElse("");
        System.out.println(mutant + " found within " + (i + 1) + " seeds: " + what);
        assertThat(found).hasCauseInstanceOf(Violation.class);
        ProtocolSimulation.run(seed, Set.of());
        return;
      }
    }
    fail("%s survives %d seeds", mutant, MOST_SEEDS);
  }
}
