package dev.shardstream.streams.coordinator;

import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyTable;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random commands about shards and nodes; many of them cannot be done. */
final class MoveScript {
  private MoveScript() {}

  static DdlCommand any(Random random, Simulation simulation, int step) {
    String table = SimulationTest.NAMES.get(random.nextInt(SimulationTest.NAMES.size()));
    List<String> nodes = simulation.nodes().ids();
    String node = nodes.get(random.nextInt(nodes.size()));
    return switch (random.nextInt(6)) {
      case 0 -> Commands.of("drain-" + step, new DrainNode(node));
      case 1 -> Commands.of("undrain-" + step, new UndrainNode(node));
      case 2 ->
          Commands.of("spread-" + step, new Rebalance(random.nextBoolean() ? null : table, false));
      case 3 -> Commands.of("prove-" + step, new VerifyTable(table, null, random.nextBoolean()));
      default ->
          Commands.of(
              "move-" + step,
              new MoveShard(table, anyShard(random, simulation, table), node, anyOptions(random)));
    };
  }

  /** Often with a time for taking it back in which a node can be lost. */
  private static @Nullable ReshardOptions anyOptions(Random random) {
    return random.nextBoolean() ? null : new ReshardOptions(null, 60_000L, false, false);
  }

  private static int anyShard(Random random, Simulation simulation, String table) {
    List<Shard> shards =
        simulation
            .state()
            .tableNamed(table)
            .flatMap(t -> simulation.state().topology(t.getTableId()))
            .map(Topology::getShards)
            .orElse(List.of());
    return shards.isEmpty() ? 0 : shards.get(random.nextInt(shards.size())).getId();
  }
}
