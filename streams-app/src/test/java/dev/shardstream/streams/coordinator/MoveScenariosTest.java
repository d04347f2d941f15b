package dev.shardstream.streams.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shardstream.schemas.event.CopyShard;
import dev.shardstream.schemas.event.DdlCommand;
import dev.shardstream.schemas.event.DrainNode;
import dev.shardstream.schemas.event.DropShard;
import dev.shardstream.schemas.event.Mismatch;
import dev.shardstream.schemas.event.MoveShard;
import dev.shardstream.schemas.event.ReshardOptions;
import dev.shardstream.schemas.event.ReshardPurpose;
import dev.shardstream.schemas.event.ReshardStatus;
import dev.shardstream.schemas.event.ReshardVerb;
import dev.shardstream.schemas.event.Shard;
import dev.shardstream.schemas.event.ShardRole;
import dev.shardstream.schemas.event.ShardStatus;
import dev.shardstream.schemas.event.ShardTask;
import dev.shardstream.schemas.event.Topology;
import dev.shardstream.schemas.event.UndrainNode;
import dev.shardstream.schemas.event.VerifyShard;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MoveScenariosTest {
  private static final String TABLE = Scenario.TABLE;
  private static final String ID = "shop-r1";

  private final Scenario scenario = new Scenario("a", "b");
  private Topology before;

  @BeforeEach
  void a_table_of_two_shards() {
    scenario.send(Commands.create("c1", "orders", 2));
    scenario.run(1_000);
    before = scenario.topology();
  }

  private static DdlCommand move(String id, String table, int shard, String node) {
    return Commands.of(id, new MoveShard(table, shard, node, null));
  }

  private String message(String command) {
    return scenario.state().result(command).orElseThrow().getMessage();
  }

  @Test
  void a_shard_is_made_anew_on_the_other_node_and_dropped_where_it_was() {
    scenario.send(move("c2", "orders", 1, "a"));
    scenario.run(20_000);

    assertThat(scenario.results("c2")).containsExactly("ACCEPTED", "APPLIED");
    assertThat(scenario.topology())
        .isEqualTo(
            Topology.newBuilder(before)
                .setEpoch(2)
                .setNextShardId(3)
                .setShards(
                    List.of(
                        before.getShards().get(0),
                        new Shard(
                            2,
                            "a",
                            ShardStatus.ACTIVE,
                            before.getShards().get(1).getVirtualShards(),
                            ShardRole.OWNER,
                            null)))
                .build());
    assertThat(scenario.nodes().shards()).containsExactlyInAnyOrder(TABLE + "/0", TABLE + "/2");
    assertThat(scenario.reshard(ID).getPurpose()).isEqualTo(ReshardPurpose.MOVE);
    assertThat(scenario.reshard(ID).getDigestsCompared()).isEqualTo(128);
  }

  @Test
  void only_the_two_shards_are_copied_and_verified() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof VerifyShard);
    scenario.send(move("c2", "orders", 1, "a"));
    scenario.run(3_000);

    assertThat(scenario.waiting())
        .extracting(t -> ((VerifyShard) t.getTask()).getShardId())
        .containsExactly(1, 2);
    assertThat(scenario.waiting())
        .extracting(t -> ((VerifyShard) t.getTask()).getVirtualShards())
        .containsOnly(before.getShards().get(1).getVirtualShards());
  }

  @Test
  void a_move_that_cannot_be_is_refused_with_the_reason() {
    scenario.nodes().add("c");
    scenario.run(400);
    scenario.nodes().leave("c");
    scenario.nodes().add("d");
    scenario.run(400);
    scenario.nodes().kill("d");
    scenario.run(31_000);
    scenario.send(move("none", "nothing", 0, "a"));
    scenario.send(move("shard", "orders", 7, "a"));
    scenario.send(move("node", "orders", 0, "x"));
    scenario.send(move("leaving", "orders", 0, "c"));
    scenario.send(move("lost", "orders", 0, "d"));

    assertThat(message("none")).isEqualTo("Table 'nothing' not found");
    assertThat(message("shard")).isEqualTo("Table 'orders' has no active shard 7");
    assertThat(message("node")).isEqualTo("Node 'x' not found");
    assertThat(message("leaving")).isEqualTo("Node 'c' takes no shards: it is leaving");
    assertThat(message("lost"))
        .isEqualTo("Node 'd' takes no shards: it has sent no heartbeat for 31 s");
    assertThat(scenario.topology()).isEqualTo(before);
  }

  @Test
  void a_move_to_a_drained_node_is_refused_until_it_is_undrained() {
    scenario.send(Commands.of("drain", new DrainNode("b")));
    scenario.run(20_000);
    scenario.send(move("c2", "orders", 0, "b"));
    assertThat(message("c2"))
        .isEqualTo(
            "Node 'b' takes no shards: it is drained, UNDRAIN NODE 'b' lets it take shards again");

    scenario.send(Commands.of("undrain", new UndrainNode("b")));
    scenario.send(move("c3", "orders", 0, "b"));
    scenario.run(20_000);
    assertThat(scenario.results("c3")).endsWith("APPLIED");
  }

  @Test
  void a_shard_that_is_there_already_is_left_alone_even_during_a_reshard() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    scenario.send(Commands.reshard("c2", "orders", 3));
    scenario.run(1_000);
    scenario.send(move("same", "orders", 0, "a"));
    scenario.send(move("other", "orders", 0, "b"));

    assertThat(scenario.results("same")).containsExactly("APPLIED");
    assertThat(scenario.results("other")).containsExactly("REJECTED RESHARD_IN_PROGRESS");
  }

  @Test
  void a_node_that_may_be_back_in_a_moment_is_waited_for() {
    scenario.nodes().kill("b");
    scenario.run(12_000);
    scenario.send(move("c2", "orders", 0, "b"));
    assertThat(message("c2")).isEqualTo("waits for a heartbeat of node 'b'");

    scenario.nodes().restart("b");
    scenario.run(20_000);
    assertThat(scenario.results("c2")).containsExactly("PENDING", "ACCEPTED", "APPLIED");
  }

  @Test
  void a_move_that_differs_fails_and_leaves_the_shard_where_it_was() {
    scenario.nodes().corrupt(TABLE, 2, 200);
    scenario.send(move("c2", "orders", 1, "a"));
    scenario.run(10_000);

    assertThat(scenario.results("c2")).endsWith("REJECTED RESHARD_FAILED");
    assertThat(scenario.topology())
        .isEqualTo(Topology.newBuilder(before).setNextShardId(3).build());
    assertThat(scenario.reshard(ID).getMismatches())
        .containsExactly(new Mismatch(200, 1, 2, 1L, 1L, List.of("200")));
  }

  @Test
  void a_move_can_be_cancelled_and_tried_again() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof CopyShard);
    scenario.send(move("c2", "orders", 1, "a"));
    scenario.run(1_000);
    scenario.send(Commands.control("cancel", ID, ReshardVerb.CANCEL));
    assertThat(scenario.results("c2")).endsWith("REJECTED RESHARD_CANCELLED");
    scenario.hold(t -> false);
    scenario.run(1_000);
    scenario.send(Commands.control("retry", ID, ReshardVerb.RETRY));
    scenario.run(20_000);

    assertThat(scenario.results("retry")).endsWith("APPLIED");
    assertThat(scenario.reshard("shop-r2").getPurpose()).isEqualTo(ReshardPurpose.MOVE);
    assertThat(scenario.topology().getShards())
        .extracting(Shard::getId, Shard::getNodeId)
        .containsExactly(tuple(0, "a"), tuple(3, "a"));
  }

  @Test
  void a_move_waits_for_a_manual_switch() {
    ReshardOptions manual = new ReshardOptions(null, null, true, false);
    scenario.send(Commands.of("c2", new MoveShard("orders", 1, "a", manual)));
    scenario.run(10_000);
    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.VERIFYING);

    scenario.send(Commands.control("switch", ID, ReshardVerb.SWITCH));
    scenario.run(20_000);
    assertThat(scenario.results("c2")).endsWith("APPLIED");
  }

  @Test
  void the_source_of_a_move_serves_for_the_grace_period() {
    scenario.hold(t -> t instanceof ShardTask s && s.getTask() instanceof DropShard);
    scenario.send(move("c2", "orders", 1, "a"));
    scenario.run(10_000);

    assertThat(scenario.status(ID)).isEqualTo(ReshardStatus.SWITCHING);
    assertThat(scenario.topology().getShards())
        .extracting(Shard::getStatus)
        .containsExactly(ShardStatus.ACTIVE, ShardStatus.TO_BE_DELETED, ShardStatus.ACTIVE);
  }
}
