package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.streams.replay.CatalogDiff;
import dev.shardstream.streams.replay.ReplayedCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * I7: whatever happens between the commands, the catalog is a function of their log. Run one seed
 * alone with {@code -Dseed=17}.
 */
class ReplayedScriptsTest {
  private static final int SEEDS = 8;

  static LongStream seeds() {
    String one = System.getProperty("seed");
    return one == null ? LongStream.range(0, SEEDS) : LongStream.of(Long.parseLong(one));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_catalog_that_took_its_time_is_the_replayed_one(long seed) {
    Random random = new Random(seed);
    List<DdlCommand> log = log(new DdlScript(seed).commands, random);
    DdlWorld world = new DdlWorld(random);
    ReplayedCatalog replayed = new ReplayedCatalog(Map.of());
    for (int i = 0; i < log.size(); i++) {
      world.deliver(log.get(i), i);
      replayed.receive("shop", log.get(i), i);
      for (int steps = random.nextInt(12); steps > 0; steps--) {
        world.doOne();
      }
    }
    world.settle();

    assertThat(CatalogDiff.between(replayed.tables(), world.state().tables())).isEmpty();
    assertThat(outcomes(replayed.results())).isEqualTo(outcomes(world.results()));
  }

  /** The script with every command up to three times, those of a neighbourhood in any order. */
  private static List<DdlCommand> log(List<DdlCommand> commands, Random random) {
    double reach = random.nextInt(100);
    TreeMap<Double, DdlCommand> byPlace = new TreeMap<>();
    for (int i = 0; i < commands.size(); i++) {
      for (int copies = 1 + random.nextInt(10) / 8; copies > 0; copies--) {
        byPlace.put(i + random.nextDouble() * reach, commands.get(i));
      }
    }
    return new ArrayList<>(byPlace.values());
  }

  private static Map<String, String> outcomes(Map<String, DdlResult> results) {
    Map<String, String> outcomes = new TreeMap<>();
    results.forEach((id, result) -> outcomes.put(id, result.getStatus() + " " + result.getCode()));
    return outcomes;
  }
}
