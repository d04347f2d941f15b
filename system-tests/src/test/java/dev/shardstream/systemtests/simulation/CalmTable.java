package dev.shardstream.systemtests.simulation;

import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import java.util.List;
import java.util.Set;

/** A table with rows in a world in which nothing goes wrong but what a test plants. */
final class CalmTable {
  private static final int MOST_STEPS = 500;

  private final World world = new World(new Dice(1), Set.of(), List.of("n1", "n2", "n3"));
  private final Operator operator = new Operator(world);

  /**
   * @param replicas nodes that hold each row
   */
  CalmTable(int replicas) {
    world.calmDown();
    // Who asks for several nodes has to wait until as many were heard of.
    world.step();
    world.step();
    operator.create("orders", replicas, false);
    run();
    SimWriter writer = new SimWriter(world);
    for (int i = 0; i < 60; i++) {
      writer.write();
    }
    run();
  }

  private void run() {
    int steps = 0;
    do {
      world.step();
    } while (++steps < MOST_STEPS && !(steps > 20 && world.control().isAtRest()));
  }

  Topology topology() {
    return world.topologies(world.tableIds().iterator().next()).stream()
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** What comes of a command. */
  DdlResult give(Object operation) {
    String id = operator.give(operation);
    run();
    return world.control().results().get(id);
  }

  /** Rows of the first of these shards that has any are not any more what was written. */
  boolean damageOneOf(List<Shard> shards) {
    Faults faults = new Faults(world);
    String tableId = topology().getTableId();
    return shards.stream().anyMatch(shard -> faults.damage(tableId, shard));
  }
}
