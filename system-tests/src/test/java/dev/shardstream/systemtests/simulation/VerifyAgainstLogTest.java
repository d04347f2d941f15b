package dev.shardstream.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.catalog.Tables;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DdlStatus;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.VerifyTable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A table in a world in which nothing goes wrong but what a test plants. */
class VerifyAgainstLogTest {
  private static final int MOST_STEPS = 500;

  private final World world = new World(new Dice(1), Set.of(), List.of("n1", "n2", "n3"));
  private final Operator operator = new Operator(world);

  VerifyAgainstLogTest() {
    world.calmDown();
    operator.create("orders", 1, false);
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

  private Topology topology() {
    return world.topologies(world.tableIds().iterator().next()).stream()
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private DdlResult verify() {
    String id = operator.give(new VerifyTable("orders", null, true));
    run();
    return world.control().results().get(id);
  }

  @Test
  void a_sound_table_passes_and_stays_as_it_was() {
    Topology before = topology();
    assertThat(verify().getStatus()).isEqualTo(DdlStatus.APPLIED);
    assertThat(topology().getShards()).isEqualTo(before.getShards());
    assertThat(topology().getEpoch()).isEqualTo(before.getEpoch());
  }

  @Test
  void a_damaged_row_of_a_live_shard_is_found() {
    Topology before = topology();
    Faults faults = new Faults(world);
    assertThat(
            Tables.owners(before).stream()
                .anyMatch(shard -> faults.damage(before.getTableId(), shard)))
        .as("some shard has rows")
        .isTrue();
    DdlResult result = verify();
    assertThat(result.getStatus()).isEqualTo(DdlStatus.REJECTED);
    assertThat(result.getMessage()).contains("Verify found 1 virtual shards that differ");
    assertThat(topology().getShards()).isEqualTo(before.getShards());
  }
}
