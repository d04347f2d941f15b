package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.contract.ErrorCode;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.streams.replay.CatalogDiff;
import dev.shardstream.streams.replay.ReplayedCatalog;
import dev.shardstream.streams.replay.WorldRefusals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One run: a table or two that are made, written, altered, resharded and read while processes die,
 * freeze and come back. Everything follows from the seed.
 */
final class ProtocolSimulation {
  private static final int STEPS = 260;
  private static final int MOST_CALM_STEPS = 2_500;

  private final long seed;
  private final World world;
  private final Operator operator;
  private final SimWriter writer;
  private final Faults faults;
  private final Map<String, SimReader> readers = new TreeMap<>();
  private String first = "";

  /**
   * What a run has seen.
   *
   * @param counts how often, by what
   */
  record Seen(Map<String, Integer> counts) {}

  private ProtocolSimulation(long seed, Set<Mutant> mutants) {
    this.seed = seed;
    Dice dice = new Dice(seed);
    this.world =
        new World(
            dice,
            mutants,
            dice.oneIn(2) ? List.of("n1", "n2", "n3") : List.of("n1", "n2", "n3", "n4"));
    this.operator = new Operator(world);
    this.writer = new SimWriter(world);
    this.faults = new Faults(world);
  }

  /**
   * Runs one seed to its end.
   *
   * @throws AssertionError with the seed and what happened last, when something that must hold does
   *     not
   */
  static Seen run(long seed, Set<Mutant> mutants) {
    ProtocolSimulation simulation = new ProtocolSimulation(seed, mutants);
    try {
      return simulation.run();
    } catch (RuntimeException failure) {
      throw new AssertionError(
          "Seed " + seed + ": " + failure + "\n" + simulation.world.trace(), failure);
    }
  }

  private Seen run() {
    first = create("orders");
    if (world.dice().oneIn(6)) {
      create("items");
    }
    for (int step = 0; step < STEPS; step++) {
      wildStep();
    }
    calm();
    return seen();
  }

  private String create(String table) {
    Dice dice = world.dice();
    int replicas = dice.oneIn(3) ? dice.between(2, world.nodes().size() - 1) : 1;
    return operator.create(table, replicas, dice.oneIn(6));
  }

  private void wildStep() {
    Dice dice = world.dice();
    if (world.tableIds().isEmpty() && dice.oneIn(12) && operator.wasRefused(first)) {
      first = create("orders");
    }
    if (dice.oneIn(12)) {
      operator.command();
    }
    faults.strike();
    for (int i = dice.below(3); i > 0; i--) {
      writer.write();
    }
    world.step();
    for (String tableId : world.tableIds()) {
      if (dice.oneIn(3)) {
        readers.computeIfAbsent(tableId, id -> new SimReader(world, id)).read();
      }
    }
  }

  /**
   * Everything works again, and what was begun comes to its end: first without a node that is lost
   * for good, then with that node too.
   */
  private void calm() {
    world.calmDown();
    for (SimNode node : world.nodes()) {
      if (!faults.isLost(node)) {
        node.freeze(false);
        node.start();
      }
    }
    Optional<SimNode> lost = faults.lost();
    if (lost.isPresent()) {
      faults.count("rest without a lost node");
      comeToRest();
    }
    lost.ifPresent(
        node -> {
          if (world.dice().oneIn(3)) {
            node.loseDisk();
          }
          node.start();
        });
    comeToRest();
  }

  private void comeToRest() {
    for (int step = 0; step < MOST_CALM_STEPS; step++) {
      if (step % 300 == 50) {
        operator.letEverythingGoOn();
      }
      world.step();
      if (isAtRest()) {
        atRest();
        return;
      }
    }
    throw new Violation(
        "Liveness",
        "it does not come to rest: %s, %s, %s"
            .formatted(
                world.control().state().tasks(),
                world.checker().unevenlyHeld(),
                world.checker().notServed()));
  }

  private boolean isAtRest() {
    return world.control().isAtRest()
        && world.provisioner().isIdle()
        && world.events().size() == 0
        && world.nodes().stream().allMatch(node -> !node.isUp() || node.isIdle())
        && world.checker().unevenlyHeld().isEmpty()
        && world.checker().notServed().isEmpty();
  }

  private void atRest() {
    // What was written last is applied by who has nothing else to do.
    for (int i = 0; i < 20; i++) {
      world.step();
    }
    world.checker().atRest();
    for (DdlResult result : world.control().results().values()) {
      if (result.getStatus() != DdlStatus.APPLIED && result.getStatus() != DdlStatus.REJECTED) {
        throw new Violation("Liveness", "command without an end: " + result);
      }
    }
    if (seed % 8 == 0) {
      assertCatalogFollowsFromCommands();
    }
  }

  /** I7. */
  private void assertCatalogFollowsFromCommands() {
    Map<String, String> refusals = new HashMap<>();
    for (DdlResult result : world.control().results().values()) {
      if (result.getStatus() == DdlStatus.REJECTED
          && WorldRefusals.isOne(ErrorCode.named(String.valueOf(result.getCode())))) {
        refusals.put(result.getCommandId(), result.getCode());
      }
    }
    ReplayedCatalog replayed = new ReplayedCatalog(refusals);
    for (ControlPlane.Given given : world.control().given()) {
      replayed.receive(ControlPlane.DATABASE, given.command(), given.at());
    }
    replayed.finish(world.now());
    List<CatalogDiff.Difference> differences =
        CatalogDiff.between(replayed.tables(), world.control().state().tables());
    if (!differences.isEmpty()) {
      throw new Violation("I7", "the commands alone give another catalog: " + differences);
    }
  }

  private Seen seen() {
    Map<String, Integer> counts = new TreeMap<>(faults.counts());
    world
        .checker()
        .reshards()
        .ends()
        .forEach((what, count) -> counts.merge(what, count, Integer::sum));
    counts.put("made anew and serving", world.checker().madeAnew().served());
    counts.put("writes", writer.written());
    counts.put("reads", readers.values().stream().mapToInt(SimReader::reads).sum());
    counts.put(
        "shards read from a replica",
        readers.values().stream().mapToInt(SimReader::fromReplicas).sum());
    for (DdlResult result : world.control().results().values()) {
      String code = result.getCode() == null ? "" : " " + result.getCode();
      counts.merge(result.getOperation() + " " + result.getStatus() + code, 1, Integer::sum);
    }
    return new Seen(counts);
  }
}
