package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shardstream.schemas.event.ControlReshard;
import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.DdlResult;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.Reshard;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.streams.state.Decision;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** DRAIN NODE and UNDRAIN NODE. */
class DrainScenariosTest {
  private final Scenario scenario = new Scenario("a", "b", "c");

  private void tables(int shards, String... names) {
    for (String name : names) {
      scenario.send(Commands.create("create-" + name, name, shards));
    }
    scenario.run(1_000);
  }

  private void drain(String id, String node) {
    scenario.send(Commands.of(id, new DrainNode(node)));
  }

  private Set<String> holders() {
    return scenario.state().topologies().stream()
        .flatMap(t -> t.getShards().stream())
        .map(Shard::getNodeId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private DdlResult result(String command) {
    return scenario.state().result(command).orElseThrow();
  }

  private List<Reshard> moves() {
    return scenario.journal().stream()
        .filter(d -> d instanceof Decision.ReshardStored)
        .map(d -> ((Decision.ReshardStored) d).reshard())
        .filter(r -> r.getPurpose() == ReshardPurpose.MOVE)
        .toList();
  }

  private Set<String> moved() {
    return moves().stream()
        .map(r -> r.getChangeLogId() + " " + r.getTable() + " " + r.getSourceShards())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void every_shard_leaves_the_node_and_none_is_put_on_it_any_more() {
    tables(6, "orders", "items", "people");
    drain("drain", "b");
    scenario.run(60_000);
    tables(4, "late");

    assertThat(holders()).containsExactly("a", "c");
    assertThat(result("drain").getStatus().name()).isEqualTo("APPLIED");
    assertThat(moved())
        .containsExactly(
            "shop-r1.1 items [1, 4]", "shop-r1.2 orders [1, 4]", "shop-r1.3 people [1, 4]");
    for (Topology topology : scenario.state().topologies()) {
      assertThat(topology.getShards().stream().filter(s -> s.getNodeId().equals("a")))
          .hasSize(topology.getShards().size() / 2);
    }
    assertThat(scenario.state().isInMotion()).isFalse();
  }

  @Test
  void a_few_tables_are_moved_at_once_and_a_few_shards_of_each_and_nobody_waits_for_it() {
    tables(18, "orders", "items", "people");
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    drain("drain", "b");
    scenario.run(5_000);

    assertThat(scenario.state().reshards())
        .extracting(Reshard::getTable, Reshard::getSourceShards)
        .containsExactlyInAnyOrder(
            tuple("items", List.of(1, 4, 7, 10)), tuple("orders", List.of(1, 4, 7, 10)));
    assertThat(result("drain").getStatus().name()).isEqualTo("ACCEPTED");
    assertThat(result("drain").getMessage()).isEqualTo("18 shards are still on node 'b'");
    scenario.send(Commands.create("meanwhile", "late", 1));
    scenario.run(1_000);
    assertThat(scenario.results("meanwhile")).endsWith("APPLIED");
    scenario.hold(t -> false);
    scenario.run(120_000);
    assertThat(holders()).containsExactly("a", "c");
    assertThat(moved()).hasSize(6);
  }

  @Test
  void it_is_done_when_the_last_file_is_gone_and_not_before() {
    tables(3, "orders");
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof DropShard);
    drain("drain", "b");
    scenario.run(9_000);
    assertThat(scenario.results("drain")).containsOnly("ACCEPTED");
    assertThat(scenario.topology().getShards()).hasSize(4);

    scenario.hold(t -> false);
    scenario.run(5_000);
    assertThat(scenario.results("drain")).endsWith("APPLIED");
  }

  @Test
  void a_node_without_shards_is_drained_at_once_and_draining_again_changes_nothing() {
    tables(2, "orders");
    drain("drain", "c");
    drain("again", "c");
    scenario.send(Commands.of("unknown", new DrainNode("x")));

    assertThat(scenario.results("drain")).containsExactly("APPLIED");
    assertThat(scenario.results("again")).containsExactly("APPLIED");
    assertThat(result("unknown").getMessage()).isEqualTo("Node 'x' not found");
    assertThat(scenario.journal().stream().filter(d -> d instanceof Decision.NodeDrained).toList())
        .hasSize(1);
  }

  @Test
  void a_table_that_is_being_resharded_is_waited_for() {
    tables(3, "orders");
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    scenario.send(Commands.reshard("reshard", "orders", 4));
    scenario.run(1_000);
    drain("drain", "b");
    scenario.run(5_000);
    assertThat(moves()).isEmpty();
    assertThat(result("drain").getMessage()).isEqualTo("2 shards are still on node 'b'");

    scenario.hold(t -> false);
    scenario.run(30_000);
    assertThat(scenario.results("reshard")).endsWith("APPLIED");
    assertThat(scenario.results("drain")).endsWith("APPLIED");
    assertThat(holders()).containsExactly("a", "c");
  }

  @Test
  void a_reshard_puts_nothing_on_a_drained_node() {
    tables(2, "orders");
    drain("drain", "c");
    scenario.send(Commands.reshard("reshard", "orders", 6));
    scenario.run(20_000);

    assertThat(scenario.results("reshard")).endsWith("APPLIED");
    assertThat(holders()).containsExactly("a", "b");
  }

  @Test
  void it_goes_on_after_a_restart_of_the_control_plane() {
    tables(6, "orders", "items", "people");
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    drain("drain", "b");
    scenario.run(2_000);
    scenario.restart();
    scenario.hold(t -> false);
    scenario.run(60_000);
    scenario.restart();
    tables(4, "late");

    assertThat(scenario.results("drain")).endsWith("APPLIED");
    assertThat(holders()).containsExactly("a", "c");
    assertThat(moved()).hasSize(3);
  }

  @Test
  void a_target_that_is_lost_on_the_way_is_followed_by_another() {
    tables(3, "orders");
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    drain("drain", "b");
    scenario.run(1_000);
    String first = moves().get(0).getTargets().get(0).getNodeId();
    scenario.nodes().kill(first);
    scenario.run(31_000);
    assertThat(result("drain").getMessage())
        .isEqualTo(
            "1 shard is still on node 'b'; goes on after: reshard 'shop-r1.1' of table 'orders'"
                + " failed: Node '"
                + first
                + "' has sent no heartbeat for 30 s");
    scenario.hold(t -> false);
    scenario.run(60_000);

    assertThat(scenario.results("drain")).endsWith("APPLIED");
    assertThat(holders()).doesNotContain("b");
  }

  @Test
  void a_node_without_room_is_passed_over() {
    tables(6, "orders", "items");
    scenario.nodes().size(10, 1_000);
    scenario.nodes().freeBytes("a", 1_500);
    scenario.run(400);
    drain("drain", "b");
    scenario.run(60_000);

    assertThat(scenario.results("drain")).endsWith("APPLIED");
    assertThat(scenario.state().topologies())
        .allSatisfy(
            topology ->
                assertThat(topology.getShards().stream().filter(s -> s.getNodeId().equals("a")))
                    .hasSize(2));
  }

  @Test
  void what_fits_nowhere_ends_it_after_some_tries_with_the_reason() {
    tables(3, "orders");
    scenario.nodes().size(10, 1_000);
    scenario.nodes().freeBytes("a", 1_000);
    scenario.nodes().freeBytes("c", 1_000);
    scenario.run(400);
    drain("drain", "b");
    assertThat(result("drain").getMessage())
        .startsWith("1 shard is still on node 'b'; goes on after: Table 'orders' does not fit: ");
    scenario.run(120_000);

    assertThat(result("drain").getCode()).isEqualTo("MOVES_GIVEN_UP");
    assertThat(moves()).isEmpty();
  }

  @Test
  void a_move_that_is_rolled_back_ends_it_too() {
    tables(3, "orders");
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof DropShard);
    drain("drain", "b");
    scenario.run(4_000);
    scenario.send(Commands.control("back", "shop-r1.1", ReshardVerb.ROLLBACK));
    scenario.hold(t -> false);
    scenario.run(20_000);

    assertThat(result("drain").getMessage())
        .isEqualTo(
            "Drain of node 'b' was given up: reshard 'shop-r1.1' of table 'orders' was rolled"
                + " back");
    assertThat(holders()).containsExactly("a", "b", "c");
  }

  @Test
  void a_drained_node_that_is_lost_ends_it_after_some_tries() {
    tables(3, "orders");
    scenario.nodes().kill("b");
    scenario.run(31_000);
    drain("drain", "b");
    scenario.run(300_000);

    assertThat(result("drain").getCode()).isEqualTo("MOVES_GIVEN_UP");
    assertThat(result("drain").getMessage())
        .startsWith("Drain of node 'b' was given up: Node 'b' has sent no heartbeat for ");
    assertThat(moves()).isEmpty();
    assertThat(scenario.state().movements().drained()).containsExactly("b");
  }

  @Test
  void a_drained_node_that_comes_back_is_emptied() {
    tables(3, "orders");
    scenario.nodes().kill("b");
    scenario.run(31_000);
    drain("drain", "b");
    scenario.run(10_000);
    scenario.nodes().restart("b");
    scenario.run(60_000);

    assertThat(scenario.results("drain")).endsWith("APPLIED");
    assertThat(holders()).containsExactly("a", "c");
  }

  @Test
  void without_another_node_it_waits_for_one() {
    Scenario alone = new Scenario("a");
    alone.send(Commands.create("create", "orders", 2));
    alone.run(1_000);
    alone.send(Commands.of("drain", new DrainNode("a")));
    alone.run(5_000);
    assertThat(alone.state().result("drain").orElseThrow().getMessage())
        .isEqualTo("2 shards are still on node 'a'; waits for another node that takes shards");

    alone.nodes().add("b");
    alone.run(20_000);
    assertThat(alone.results("drain")).endsWith("APPLIED");
  }

  @Test
  void tables_that_cannot_leave_do_not_hold_up_those_that_can() {
    for (String name : List.of("everywhere", "all", "orders")) {
      int replicas = name.equals("orders") ? 1 : 3;
      scenario.send(
          Commands.of("create-" + name, Commands.table(name, 3).setReplicas(replicas).build()));
    }
    scenario.run(1_000);
    drain("drain", "b");
    scenario.run(30_000);

    assertThat(moved()).containsExactly("shop-r1.1 orders [1]");
    assertThat(result("drain").getMessage())
        .isEqualTo(
            "6 shards are still on node 'b'; waits for another node that takes shards and has none"
                + " of the rows of shard 1 of table 'all'");
    scenario.nodes().add("d");
    scenario.run(60_000);
    assertThat(scenario.results("drain")).endsWith("APPLIED");
    assertThat(holders()).containsExactly("a", "c", "d");
  }

  @Test
  void shards_that_cannot_leave_do_not_hold_up_others_of_their_table() {
    scenario.nodes().add("d");
    scenario.run(1_000);
    scenario.create(20, 3, 2_000);
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    drain("drain-d", "d");
    scenario.run(1_000);
    String first = moves().get(0).getChangeLogId();
    scenario.send(Commands.control("cancel", first, ReshardVerb.CANCEL));
    scenario.hold(t -> false);
    scenario.run(5_000);
    drain("drain", "b");
    scenario.run(120_000);

    assertThat(scenario.topology().getShards().stream().filter(s -> s.getNodeId().equals("b")))
        .as("shards whose rows are on every other node that takes some")
        .hasSize(5);
    assertThat(result("drain").getMessage())
        .startsWith("5 shards are still on node 'b'; waits for another node");
  }

  @Test
  void a_cancelled_move_ends_it_and_the_node_stays_drained() {
    tables(3, "orders");
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    drain("drain", "b");
    scenario.run(2_000);
    scenario.send(Commands.of("cancel", new ControlReshard("shop-r1.1", ReshardVerb.CANCEL)));
    scenario.run(1_000);

    assertThat(scenario.results("cancel")).endsWith("APPLIED");
    assertThat(result("drain").getMessage())
        .isEqualTo(
            "Drain of node 'b' was given up: reshard 'shop-r1.1' of table 'orders' was cancelled");
    assertThat(scenario.state().movements().drained()).containsExactly("b");
    assertThat(holders()).containsExactly("a", "b", "c");
  }

  @Test
  void undraining_ends_it_and_lets_the_node_take_shards_again() {
    tables(3, "orders", "items", "people");
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    drain("drain", "b");
    scenario.run(2_000);
    scenario.send(Commands.of("undrain", new UndrainNode("b")));
    scenario.send(Commands.of("again", new UndrainNode("b")));
    scenario.send(Commands.of("unknown", new UndrainNode("x")));
    scenario.hold(t -> false);
    scenario.run(20_000);
    tables(3, "late");

    assertThat(result("drain").getMessage())
        .isEqualTo("Drain of node 'b' was given up: command 'undrain' took it back");
    assertThat(scenario.results("undrain")).containsExactly("APPLIED");
    assertThat(scenario.results("again")).containsExactly("APPLIED");
    assertThat(scenario.results("unknown")).containsExactly("REJECTED NODE_NOT_FOUND");
    assertThat(moved()).hasSize(2);
    assertThat(moves().get(moves().size() - 1).getStatus()).isEqualTo(ReshardStatus.COMPLETE);
    assertThat(holders()).containsExactly("a", "b", "c");
  }

  @Test
  void a_move_that_differs_ends_it() {
    tables(3, "orders");
    scenario.nodes().corrupt(Scenario.TABLE, 1, 100);
    drain("drain", "b");
    scenario.run(20_000);

    assertThat(result("drain").getMessage())
        .isEqualTo(
            "Drain of node 'b' was given up: reshard 'shop-r1.1' of table 'orders' failed: Verify"
                + " found 1 virtual shards that differ: 100; keys (100)");
  }
}
