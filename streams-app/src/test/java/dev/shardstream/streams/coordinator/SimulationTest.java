package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.AddColumn;
import dev.shardstream.schemas.event.AlterColumnNullability;
import dev.shardstream.schemas.event.ColumnDefinition;
import dev.shardstream.schemas.event.CreateIndex;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.DropColumn;
import dev.shardstream.schemas.event.DropIndex;
import dev.shardstream.schemas.event.DropTable;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.SetBlockSize;
import dev.shardstream.schemas.event.SetReplicas;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Table;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.TypeName;
import dev.shardstream.schemas.event.UndrainNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The coordinator under everything that may happen, checked by its decisions. A failure names its
 * seed; {@code -Dseed=…} runs that one alone.
 */
class SimulationTest {
  private static final int RUNS = 150;
  private static final int STEPS = 800;

  /** Most shard keys in a RANGE table; with few of them some reshards have nowhere to split. */
  private static final int KEYS = 60;

  static final List<String> NAMES = List.of("orders", "items", "Orders");

  @Test
  void no_schedule_of_crashes_and_losses_breaks_an_invariant() {
    int switches = 0;
    int failures = 0;
    int cancels = 0;
    int rollbacks = 0;
    int repairs = 0;
    int applied = 0;
    int undone = 0;
    int proofs = 0;
    int splits = 0;
    int promotions = 0;
    int replications = 0;
    List<MoveChecker> movements = new ArrayList<>();
    for (long seed : seeds()) {
      InvariantChecker checker = new InvariantChecker();
      MoveChecker movement = new MoveChecker();
      movements.add(movement);
      try {
        DdlChecker ddl = runWild(new Random(seed), checker, movement);
        applied += ddl.applied();
        undone += ddl.undone();
      } catch (Throwable failure) {
        throw new AssertionError("Seed " + seed, failure);
      }
      switches += checker.switches();
      failures += checker.failures();
      cancels += checker.cancels();
      rollbacks += checker.rollbacks();
      repairs += checker.repairs();
      proofs += checker.proofs();
      splits += checker.splits();
      promotions += checker.promotions();
      replications += checker.replications();
    }
    if (System.getProperty("seed") == null) {
      assertThat(switches).as("reshards that switched, or nothing was tested").isGreaterThan(100);
      assertThat(failures).as("reshards that failed, or nothing was tested").isGreaterThan(50);
      assertThat(cancels).as("reshards that were cancelled").isGreaterThan(50);
      assertThat(rollbacks).as("reshards that were rolled back").isGreaterThan(20);
      assertThat(repairs).as("reshards that switched after a repair").isGreaterThan(2);
      assertThat(applied).as("alterations that were applied").isGreaterThan(100);
      assertThat(undone).as("rules that were taken back").isGreaterThan(50);
      assertThat(splits).as("range tables that were divided anew").isGreaterThan(20);
      assertThat(proofs).as("tables that were rebuilt and found equal").isGreaterThan(20);
      assertThat(promotions).as("replicas that became owners").isGreaterThan(50);
      assertThat(replications).as("times that replicas were made").isGreaterThan(50);
      assertThat(sum(movements, MoveChecker::moves)).as("moves").isGreaterThan(50);
      assertThat(sum(movements, MoveChecker::drains)).as("drains").isGreaterThan(50);
      assertThat(sum(movements, MoveChecker::rebalances)).as("rebalances").isGreaterThan(20);
    }
  }

  private static long[] seeds() {
    String one = System.getProperty("seed");
    return one == null
        ? LongStream.range(0, RUNS).map(i -> 20_261_121 + i).toArray()
        : new long[] {Long.parseLong(one)};
  }

  private static int sum(List<MoveChecker> checkers, ToIntFunction<MoveChecker> count) {
    return checkers.stream().mapToInt(count).sum();
  }

  private static DdlChecker runWild(Random random, InvariantChecker checker, MoveChecker movement) {
    FakeNodes nodes = new FakeNodes("a", "b", "c");
    int most = 1 + random.nextInt(3);
    nodes.rangeRows(new FakeRows(random.ints(1 + random.nextInt(KEYS), 0, most + 1).toArray()));
    DdlChecker ddl = new DdlChecker(nodes);
    Simulation simulation =
        new Simulation(
            random,
            nodes,
            random.nextInt(3) * 0.1,
            checker::delivered,
            decision -> {
              checker.decided(decision);
              movement.decided(decision);
              ddl.decided(decision);
            });
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(25) == 0) {
        simulation.command(anyCommand(random, step));
      }
      if (random.nextInt(15) == 0) {
        simulation.command(anyDdl(random, step));
      }
      if (random.nextInt(8) == 0) {
        simulation.command(ReshardScript.any(random, simulation.state(), step));
      }
      if (random.nextInt(25) == 0) {
        simulation.command(MoveScript.any(random, simulation, step));
      }
      disturb(random, simulation);
      simulation.step();
    }
    for (String node : List.copyOf(simulation.state().movements().drained())) {
      simulation.command(Commands.of("undrain-" + node, new UndrainNode(node)));
    }
    boolean settles = simulation.settles(5_000);
    assertThat(settles).as("comes to rest: %s", simulation.unrest()).isTrue();
    assertThat(simulation.nodes().shards()).isEqualTo(checker.shards());
    assertThat(simulation.results().values())
        .extracting(DdlResult::getStatus)
        .containsOnly(DdlStatus.APPLIED, DdlStatus.REJECTED);
    ddl.atRest();
    return ddl;
  }

  private static DdlCommand anyDdl(Random random, int step) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    String index = "i" + random.nextInt(3);
    return switch (random.nextInt(10)) {
      case 0, 1, 2 ->
          Commands.alter(
              "null-" + step,
              name,
              new AlterColumnNullability("note", false, random.nextBoolean()));
      case 3 -> Commands.alter("size-" + step, name, new SetBlockSize(1 + random.nextInt(9)));
      case 4 ->
          Commands.alter(
              "add-" + step,
              name,
              new AddColumn(new ColumnDefinition("extra", TypeName.TEXT, null, true, null), false));
      case 5 -> Commands.alter("lose-" + step, name, new DropColumn("extra", false, true));
      case 6 ->
          Commands.of(
              "index-" + step,
              new CreateIndex(
                  name,
                  index,
                  random.nextInt(3) > 0,
                  List.of(random.nextBoolean() ? "note" : "extra", "id"),
                  false,
                  null));
      case 7, 8 -> Commands.alter("holders-" + step, name, new SetReplicas(1 + random.nextInt(3)));
      default -> Commands.of("unindex-" + step, new DropIndex(index, false));
    };
  }

  private static DdlCommand anyCommand(Random random, int step) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    int shards = 1 + random.nextInt(5);
    return switch (random.nextInt(5)) {
      case 0 ->
          Commands.of(
              "create-" + step,
              Commands.table(name, shards).setReplicas(1 + random.nextInt(3)).build());
      case 1 ->
          Commands.of(
              "create-" + step,
              Commands.rangeTable(
                      name,
                      random.longs(random.nextInt(4), -20, KEYS).distinct().sorted().toArray())
                  .setReplicas(1 + random.nextInt(2))
                  .build());
      case 2, 3 ->
          Commands.reshard("reshard-" + step, name, shards, ReshardScript.anyOptions(random));
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
    if (random.nextInt(30) == 0) {
      simulation.follow(node, random.nextInt(3) > 0);
    }
    if (random.nextInt(40) == 0) {
      plantBrokenRules(random, simulation);
    }
    if (random.nextInt(100) == 0) {
      for (Reshard reshard : simulation.state().reshards()) {
        reshard.getTargetShards().stream()
            .findFirst()
            .ifPresent(
                target ->
                    simulation.nodes().corrupt(reshard.getTableId(), target, random.nextInt(256)));
      }
    }
  }

  private static void plantBrokenRules(Random random, Simulation simulation) {
    simulation.nodes().mendRules();
    simulation.nodes().refuseSchemas(random.nextInt(3) == 0 ? "PLANTED" : null);
    for (Topology topology : simulation.state().topologies()) {
      for (Shard shard : topology.getShards()) {
        if (random.nextInt(4) == 0) {
          simulation
              .nodes()
              .breakRules(topology.getTableId(), shard.getId(), "NULLS_PRESENT", "PLANTED");
        }
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
    Simulation simulation =
        new Simulation(random, new FakeNodes("a", "b", "c"), 0.1, event -> {}, decision -> {});
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
