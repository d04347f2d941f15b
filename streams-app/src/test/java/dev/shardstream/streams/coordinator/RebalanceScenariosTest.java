package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.Rebalance;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** REBALANCE. */
class RebalanceScenariosTest {
  private final Scenario scenario = new Scenario("a", "b");

  @BeforeEach
  void two_tables_on_two_nodes() {
    scenario.send(Commands.create("c1", "orders", 6));
    scenario.send(Commands.create("c2", "items", 3));
    scenario.run(1_000);
  }

  private void rebalance(String id, String table) {
    scenario.send(Commands.of(id, new Rebalance(table, false)));
  }

  private List<String> said(String command) {
    return scenario.journal().stream()
        .filter(d -> d instanceof Decision.ResultStored)
        .map(d -> ((Decision.ResultStored) d).result())
        .filter(r -> r.getCommandId().equals(command))
        .map(r -> r.getStatus() + (r.getMessage() == null ? "" : " " + r.getMessage()))
        .toList();
  }

  private Map<String, Integer> counts(String tableId) {
    Map<String, Integer> counts = new TreeMap<>();
    Topology topology = scenario.state().topology(tableId).orElseThrow();
    topology.getShards().forEach(s -> counts.merge(s.getNodeId(), 1, Integer::sum));
    return counts;
  }

  @Test
  void a_fresh_node_gets_its_share_of_every_table() {
    scenario.nodes().add("c");
    scenario.run(400);
    rebalance("r", null);
    scenario.run(60_000);

    assertThat(said("r"))
        .containsExactly(
            "ACCEPTED 3 moves: items 2 to node 'c', orders 4 to node 'c', orders 5 to node 'c'",
            "ACCEPTED 3 shards are still to be moved",
            "APPLIED");
    assertThat(counts("shop-orders-1")).isEqualTo(Map.of("a", 2, "b", 2, "c", 2));
    assertThat(counts("shop-items-2")).isEqualTo(Map.of("a", 1, "b", 1, "c", 1));
  }

  @Test
  void a_plan_is_told_and_moves_nothing() {
    scenario.nodes().add("c");
    scenario.run(400);
    Map<String, Integer> before = counts("shop-orders-1");
    scenario.send(Commands.of("p", new Rebalance(null, true)));
    scenario.send(Commands.of("q", new Rebalance("items", true)));
    scenario.send(Commands.of("none", new Rebalance("nothing", true)));
    scenario.run(60_000);

    assertThat(said("p"))
        .containsExactly(
            "APPLIED 3 moves: items 2 to node 'c', orders 4 to node 'c', orders 5 to node 'c'");
    assertThat(said("q")).containsExactly("APPLIED 1 move: items 2 to node 'c'");
    assertThat(said("none")).allMatch(outcome -> outcome.startsWith("REJECTED")).hasSize(1);
    assertThat(counts("shop-orders-1")).isEqualTo(before);
  }

  @Test
  void a_plan_of_what_is_even_has_no_moves() {
    scenario.send(Commands.of("p", new Rebalance(null, true)));
    scenario.run(1_000);

    assertThat(said("p")).containsExactly("APPLIED 0 moves");
  }

  @Test
  void one_table_alone_is_spread() {
    scenario.nodes().add("c");
    scenario.run(400);
    rebalance("r", "Items");
    scenario.run(60_000);

    assertThat(scenario.results("r")).endsWith("APPLIED");
    assertThat(counts("shop-orders-1")).isEqualTo(Map.of("a", 3, "b", 3));
    assertThat(counts("shop-items-2")).isEqualTo(Map.of("a", 1, "b", 1, "c", 1));
  }

  @Test
  void what_is_balanced_is_left_alone() {
    rebalance("r", null);
    rebalance("t", "orders");
    rebalance("x", "nothing");

    assertThat(said("r")).containsExactly("APPLIED");
    assertThat(said("t")).containsExactly("APPLIED");
    assertThat(said("x")).containsExactly("REJECTED Table 'nothing' not found");
  }

  @Test
  void it_plans_when_no_table_of_it_is_being_resharded() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    scenario.send(Commands.reshard("reshard", "orders", 4));
    scenario.nodes().add("c");
    scenario.run(400);
    rebalance("r", null);
    scenario.run(2_000);
    assertThat(said("r"))
        .containsExactly("ACCEPTED waits for reshard 'shop-r1' to end before it is planned");

    scenario.hold(t -> false);
    scenario.run(60_000);
    assertThat(scenario.results("r")).endsWith("APPLIED");
    assertThat(counts("shop-orders-1").values()).containsOnly(1, 2);
    assertThat(counts("shop-items-2")).isEqualTo(Map.of("a", 1, "b", 1, "c", 1));
  }

  @Test
  void a_node_that_was_not_heard_of_yet_is_not_left_out() {
    scenario.nodes().kill("b");
    scenario.run(12_000);
    rebalance("r", null);
    assertThat(said("r")).containsExactly("ACCEPTED waits for a heartbeat of node 'b'");

    scenario.nodes().restart("b");
    scenario.run(1_000);
    assertThat(said("r")).endsWith("APPLIED");
    assertThat(counts("shop-orders-1")).isEqualTo(Map.of("a", 3, "b", 3));
  }

  @Test
  void a_node_that_is_lost_on_the_way_gets_another_plan_made() {
    scenario.nodes().add("c");
    scenario.run(400);
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    rebalance("r", null);
    scenario.run(1_000);
    scenario.nodes().kill("c");
    scenario.run(31_000);
    scenario.hold(t -> false);
    scenario.run(60_000);

    DdlResult last = scenario.state().result("r").orElseThrow();
    assertThat(last.getStatus().name()).isEqualTo("APPLIED");
    assertThat(counts("shop-orders-1")).isEqualTo(Map.of("a", 3, "b", 3));
    assertThat(counts("shop-items-2")).isEqualTo(Map.of("a", 2, "b", 1));
  }

  @Test
  void what_a_drained_node_holds_goes_to_the_others() {
    scenario.nodes().add("c");
    scenario.run(400);
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    scenario.send(Commands.of("drain", new DrainNode("a")));
    rebalance("r", null);
    scenario.run(1_000);
    scenario.hold(t -> false);
    scenario.run(120_000);

    assertThat(scenario.results("drain")).endsWith("APPLIED");
    assertThat(scenario.results("r")).endsWith("APPLIED");
    assertThat(counts("shop-orders-1")).isEqualTo(Map.of("b", 3, "c", 3));
    assertThat(counts("shop-items-2").values()).containsOnly(1, 2);
  }

  @Test
  void it_goes_on_after_a_restart_of_the_control_plane() {
    scenario.nodes().add("c");
    scenario.run(400);
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    rebalance("r", null);
    scenario.run(1_000);
    scenario.restart();
    scenario.hold(t -> false);
    scenario.run(60_000);

    assertThat(scenario.results("r")).endsWith("APPLIED");
    assertThat(counts("shop-orders-1")).isEqualTo(Map.of("a", 2, "b", 2, "c", 2));
  }
}
