package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The coordinator under everything that may happen, checked by its decisions. A failure names its
 * seed; {@code -Dseed=…} runs that one alone.
 */
class SimulationTest {
  private static final int RUNS = 150;
  private static final int STEPS = 800;
  private static final List<String> NAMES = List.of("orders", "items", "Orders");

  @Test
  void no_schedule_of_crashes_and_losses_breaks_an_invariant() {
    int switches = 0;
    int failures = 0;
    for (long seed : seeds()) {
      InvariantChecker checker = new InvariantChecker();
      try {
        runWild(new Random(seed), checker);
      } catch (Throwable failure) {
        throw new AssertionError("Seed " + seed, failure);
      }
      switches += checker.switches();
      failures += checker.failures();
    }
    if (System.getProperty("seed") == null) {
      assertThat(switches).as("reshards that switched, or nothing was tested").isGreaterThan(100);
      assertThat(failures).as("reshards that failed, or nothing was tested").isGreaterThan(50);
    }
  }

  private static long[] seeds() {
    String one = System.getProperty("seed");
    return one == null
        ? LongStream.range(0, RUNS).map(i -> 20_261_121 + i).toArray()
        : new long[] {Long.parseLong(one)};
  }

  private static void runWild(Random random, InvariantChecker checker) {
    Simulation simulation =
        new Simulation(random, random.nextInt(3) * 0.1, checker::delivered, checker::decided);
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(25) == 0) {
        simulation.command(anyCommand(random, step));
      }
      disturb(random, simulation);
      simulation.step();
    }
    assertThat(simulation.settles(5_000)).as("comes to rest").isTrue();
    assertThat(simulation.nodes().shards()).isEqualTo(checker.shards());
    assertThat(simulation.results().values())
        .extracting(DdlResult::getStatus)
        .containsOnly(DdlStatus.APPLIED, DdlStatus.REJECTED);
  }

  private static DdlCommand anyCommand(Random random, int step) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    int shards = 1 + random.nextInt(5);
    return switch (random.nextInt(5)) {
      case 0, 1 -> Commands.create("create-" + step, name, shards);
      case 2, 3 -> Commands.reshard("reshard-" + step, name, shards);
      default -> Commands.drop("drop-" + step, name);
    };
  }

  private static void disturb(Random random, Simulation simulation) {
    List<String> ids = simulation.nodes().ids();
    String node = ids.get(random.nextInt(ids.size()));
    if (random.nextInt(150) == 0) {
      simulation.restartControlPlane();
    }
    if (random.nextInt(simulation.nodes().isUp(node) ? 120 : 15) == 0) {
      if (simulation.nodes().isUp(node)) {
        simulation.kill(node);
      } else {
        simulation.restart(node);
      }
    }
    if (random.nextInt(100) == 0) {
      for (Reshard reshard : simulation.state().reshards()) {
        int target = reshard.getTargetShards().get(0);
        simulation.nodes().corrupt(reshard.getTableId(), target, random.nextInt(256));
      }
    }
  }

  @Test
  void the_same_commands_give_the_same_catalog_whatever_the_schedule() {
    for (long seed : seeds()) {
      List<DdlCommand> commands = script(new Random(seed));
      Map<String, String> first = catalogAfter(commands, new Random(seed + 1));
      Map<String, String> second = catalogAfter(commands, new Random(seed + 2));
      assertThat(second).as("seed %s: %s", seed, commands).isEqualTo(first).isNotEmpty();
    }
  }

  /** Creations and removals with dependencies, some on commands that come later. */
  private static List<DdlCommand> script(Random random) {
    List<DdlCommand> commands = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      Object operation =
          random.nextInt(3) > 0
              ? Commands.table(name, 1 + random.nextInt(3))
                  .setIfNotExists(random.nextBoolean())
                  .build()
              : new DropTable(name, random.nextBoolean(), false, null);
      String[] dependsOn =
          random.nextInt(4) == 0 ? new String[] {"c" + random.nextInt(12)} : new String[0];
      commands.add(Commands.of("c" + i, operation, dependsOn));
    }
    commands.add(Commands.create("last", "always", 1));
    return commands;
  }

  private static Map<String, String> catalogAfter(List<DdlCommand> commands, Random random) {
    Simulation simulation = new Simulation(random, 0.1, event -> {}, decision -> {});
    for (DdlCommand command : commands) {
      simulation.command(command);
      for (int i = random.nextInt(40); i > 0; i--) {
        simulation.step();
      }
    }
    assertThat(simulation.settles(5_000)).as("comes to rest").isTrue();
    Map<String, String> catalog = new TreeMap<>();
    for (Table table : simulation.state().tables()) {
      catalog.put(table.getTableId(), table.getName() + table.getColumns());
    }
    return catalog;
  }
}
