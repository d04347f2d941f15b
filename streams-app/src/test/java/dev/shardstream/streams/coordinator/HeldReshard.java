package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Topology;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;

/** A table of two shards, and a reshard of it to three that is held where a test wants it. */
abstract class HeldReshard {
  static final String TABLE = Scenario.TABLE;
  static final String ID = "shop-r1";

  final Scenario scenario = new Scenario("a", "b");
  Topology before;

  @BeforeEach
  void a_table_of_two_shards() {
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
    before = scenario.topology();
  }

  static Predicate<Object> tasks(Class<?> kind) {
    return t -> t instanceof ShardTask s && kind.isInstance(s.getTask());
  }

  void reshardAndHold(Class<?> kind, ReshardOptions options) {
    scenario.hold(tasks(kind));
    scenario.send(Commands.reshard("c2", "orders", 3, options));
    scenario.run(3_000);
  }

  void control(ReshardVerb verb) {
    String id = verb + "-" + scenario.now();
    scenario.send(Commands.control(id, ID, verb));
    assertThat(scenario.results(id)).containsExactly("APPLIED");
  }

  void assertOnlyTheFirstShardsAreLeft() {
    scenario.hold(t -> false);
    scenario.run(2_000);
    assertThat(scenario.nodes().shards()).containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/1");
    assertThat(scenario.state().isInMotion()).isFalse();
  }
}
